// Piano rolls as small SVG: time runs to the right in lines broken at bars like a score, each note
// a stroke in the colour and shape of its role. No ids, no scripts, no fonts of its own.
#pragma once

#include "symphony/score/score.h"
#include "symphony/view/palette.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace symphony::view {

// A place to look at: framed on the roll, with a label above.
struct RollMark {
    score::Ticks onset, end;
    int low_pitch = 0, high_pitch = 0;
    std::string label;  // short: "5th"
};

struct PitchRange {
    int low = 0, high = 127;  // inclusive
};

struct RollOptions {
    std::string title;     // empty: the score's title and composer
    std::string subtitle;  // empty: key, metre and tempo as the score gives them
    double width_px = 1000;
    double quarters_per_line = 40;
    double roll_height_px = 200;  // of one line, aimed at; rows are 4 to 9 pixels high
    int first_bar = 0;            // index into bars_of(score)
    int bars = 0;                 // at most so many; 0: all
    bool legend = true;
    Dress dress = Dress::kFile;
    std::optional<PitchRange> range;  // of the rows; else what sounds and a little more
    std::vector<RollMark> marks;
};

// The lowest and highest pitched note; drums do not count. Middle octave without notes.
PitchRange pitch_range(const score::Score& score);

// One SVG document (no XML declaration, so that it also goes into a page). Notes take their role
// from Note::role, else from their part. Text from the score is escaped.
std::string format_piano_roll(const score::Score& score, const RollOptions& options = {});

struct RollPanel {
    const score::Score* score = nullptr;
    RollOptions options;
};

// Several rolls one over the other in one SVG, with one width and the same pitch rows.
std::string format_piano_rolls(std::span<const RollPanel> panels);

// "bass drum" for General MIDI percussion key 36; the number where the standard names none.
std::string drum_name(int key);

// "G minor · 4/4 · ♩ = 76": what the score gives of it.
std::string describe_signature(const score::Score& score);

}  // namespace symphony::view
