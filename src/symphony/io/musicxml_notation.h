// A score on its way to paper: notated parts, staves, voices, and the written values that fill each
// bar of a voice. Times are integers of kUnits per quarter. Source: own.
#pragma once

#include "symphony/score/score.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace symphony::io::musicxml {

// Holds 256th notes and tuplets of 3, 5, 7, 9, 11 and 13 exactly.
inline constexpr std::int64_t kUnits = std::int64_t{64} * 9 * 5 * 7 * 11 * 13;

// Where a pitch is written: step 0..6 from C, alter -2..2, octave as in C4 = middle C.
struct Spelling {
    int step = 0;
    int alter = 0;
    int octave = 4;
};

struct StaffNote {
    std::int64_t onset = 0;
    std::int64_t end = 0;
    std::uint8_t pitch = 60;
    std::uint8_t velocity = 64;
    std::uint8_t voice = 0;  // as the score gave it, 0: none
    Spelling spelling;
};

enum class Clef : std::uint8_t {
    kTreble,
    kTreble8Below,
    kAlto,
    kTenor,
    kBass,
    kBass8Below,
    kPercussion
};

// From the beginning of a bar on.
struct ClefChange {
    std::size_t bar = 0;
    Clef clef = Clef::kTreble;
};

// Notes of one staff that follow one another; at most the last layer of a staff holds some that
// overlap, which are then cut and tied.
struct Layer {
    int voice = 1;                   // of its own in the part
    std::vector<std::size_t> notes;  // indices into Staff::notes, by onset
};

struct Staff {
    Clef clef = Clef::kTreble;             // in the first bar
    std::vector<ClefChange> clef_changes;  // by bar
    std::vector<StaffNote> notes;          // by onset, then pitch
    std::vector<Layer> layers;             // the first is the fullest
};

struct NotatedPart {
    std::string name;
    const score::Part* head = nullptr;  // the part whose instrument and texts it shows
    bool is_drums = false;
    std::vector<Staff> staves;
};

// A note, chord or rest as one written value.
struct Piece {
    std::int64_t from = 0;  // in the bar
    std::int64_t length = 0;
    std::vector<std::size_t> notes;  // indices into Staff::notes; none: a rest
    int type = 2;                    // -1 breve, 0 whole, 1 half, 2 quarter, ... 8 a 256th
    int dots = 0;
    int actual = 1, normal = 1;  // of a tuplet, `actual` in the time of `normal`
    bool tuplet_starts = false, tuplet_stops = false;
    bool is_bar_rest = false;
    bool is_irregular = false;            // no written value is as long; the nearest is drawn
    std::vector<std::string_view> beams;  // of beam 1, 2, ...: "begin", "continue", "end", ...
};

}  // namespace symphony::io::musicxml
