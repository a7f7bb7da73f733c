// A piece on the token grid, in the one order in which it is spelled: what both schemes encode
// from. Everything a scheme cannot hold is taken out here and counted. Source: own.
#pragma once

#include "symphony/score/score.h"
#include "symphony/tokens/part_class.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace symphony::tokens {

using Losses = std::map<std::string, std::int64_t>;

// Bars longer than this many steps are split.
inline constexpr std::int64_t kMaxBarSteps = 2047;

struct GridNote {
    std::int64_t onset = 0, end = 0;  // steps from the start
    int part = 0;                     // index into GridPiece::parts
    int pitch = 60;
    int velocity = 64;
    int micro_timing = 0;  // how far behind its step, in parts of a step; see GridOptions
    int source_part = 0, source_note = 0;  // where it was in the score
};

struct GridBar {
    std::int64_t onset = 0, length = 0;  // steps
    score::Meter meter;

    auto operator<=>(const GridBar&) const = default;
};

template <class T>
struct GridChange {
    std::int64_t onset = 0;  // steps
    T value{};

    auto operator<=>(const GridChange&) const = default;
};

// A controller's new value in a part; sorted by onset, part and controller.
struct GridControl {
    std::int64_t onset = 0;  // steps
    int part = 0;
    int controller = 0, value = 0;  // of MIDI; the value brought to its class

    auto operator<=>(const GridControl&) const = default;
};

struct GridPart {
    PartClass part_class;
    score::Role role = score::Role::kUnknown;
};

// Invariants: bars follow each other without gaps from step 0 and cover every note; the first key
// is at 0; no two equal values follow each other in keys and tempos; notes are sorted by onset,
// part and falling pitch; inside a part no pitch is struck while it still sounds.
struct GridPiece {
    int steps_per_quarter = 12;
    std::vector<GridPart> parts;
    std::vector<GridBar> bars;   // at least one, but in a sequence cut off before its first
    score::Meter opening_meter;  // what the first bar has or would have
    std::vector<GridChange<score::Key>> keys;
    std::vector<GridChange<double>> tempos;  // quarters per minute; empty: none given
    std::vector<std::int64_t> phrases;       // sorted, inside the bars
    std::vector<GridNote> notes;
    std::vector<GridControl> controls;
    int micro_timing_bins = 0;
    // Where parts were merged: who played, if each played one note at a time; else empty.
    std::vector<PartClass> merged_voices;
    std::int64_t source_notes = 0;
    Losses losses;  // code -> count
};

// Steps of a full bar of `meter`.
std::int64_t full_bar_steps(score::Meter meter, int steps_per_quarter);

struct GridOptions {
    int steps_per_quarter = 12;
    // All pitched notes go to one part, drums and controls are dropped (the note scheme).
    bool merge_parts = false;
    // Odd: a step is cut into so many parts, and a note's onset keeps which one is nearest. 0: on
    // the step.
    int micro_timing_bins = 0;
    bool pedal = false, controls = false;  // which control changes are kept; see StreamOptions
};

// Loss codes: onset-rounded, length-rounded, drums-dropped, unison-merged, overlap-cut, bar-split,
// empty-part-dropped.
GridPiece grid_piece(const score::Score& score, const GridOptions& options);

// Sorts the notes and makes them obey the invariants; to be called after any change of pitch or
// part.
void settle_notes(GridPiece& piece);

// The piece as a score of steps_per_quarter ticks per quarter, times micro_timing_bins where it has
// them.
score::Score to_score(const GridPiece& piece);

}  // namespace symphony::tokens
