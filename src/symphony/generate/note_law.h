// Laws about notes: which pitches may be struck at a place in the music. A law is asked by the
// composer before each note (law_rule.cpp) and by verify of each note of a finished file, so that
// what is promised and what is proved are one thing. Laws are functions of the place alone.
#pragma once

#include "symphony/generate/chord_track.h"
#include "symphony/generate/scale.h"
#include "symphony/score/score.h"

#include <bitset>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace symphony::generate {

using PitchSet = std::bitset<score::kPitches>;

// A part's notes as laws see them: by onset, at one onset from high to low.
std::vector<score::Note> in_order(const score::Part& part);

// Where a note is about to be struck. Notes of one onset are asked about part after part, inside a
// part from high to low.
struct Place {
    int part = 0;  // index, in the order of parts
    score::Role role = score::Role::kUnknown;
    bool is_drums = false;
    int program = 0;
    int bar = 0;                            // from 0
    std::int64_t position = 0, length = 0;  // of the place in its bar and of the bar, in one unit
    int sounding = 0;                       // notes of the part that sound on or were struck here
    int struck = 0;                         // notes of the part begun in this bar
    int struck_in_all = 0;                  // the same of all parts
    std::span<const int> before;            // pitches of the part's notes so far, in order
};

// Which parts a law is about: all, those of a role, or one by its place ("part 2").
struct Scope {
    score::Role role = score::Role::kUnknown;
    int part = -1;  // from 0
    bool has(const Place& place) const;
    std::string words() const;  // "melody", "part 2", "all"
    bool is_all() const { return part < 0 && role == score::Role::kUnknown; }
};
// "all", "melody", "bass", "harmony", "drums", "part 2" or "part2". Throws Error (kUsage).
Scope parse_scope(std::string_view text);

class NoteLaw {
  public:
    virtual ~NoteLaw() = default;
    // What is demanded, for errors: "scale D dorian".
    virtual std::string words() const = 0;
    virtual PitchSet pitches(const Place& place) const = 0;
    // May a bar end with so many notes? Asked of each part, and where Scope is all of all together
    // (`struck_in_all`).
    virtual bool is_enough(const Place& /*at_end_of_bar*/) const { return true; }
    // How often it is enforced, 0 to 1; below 1 it is a colour, and verify does not ask.
    virtual double strength() const { return 1; }
};

// Pitched notes keep to the scale.
std::unique_ptr<NoteLaw> keep_to_scale(const Scale& scale);
// Pitched notes are tones of the chord in force when they are struck.
std::unique_ptr<NoteLaw> keep_to_chords(ChordTrack track, double strength);
// lowest <= pitch <= highest.
std::unique_ptr<NoteLaw> keep_in_range(const Scope& scope, int lowest, int highest);
// At most so many notes of a part sound at once.
std::unique_ptr<NoteLaw> limit_polyphony(const Scope& scope, int most);
// At least and at most so many notes begin in a bar (of each part of the scope; of the whole music
// where it is all).
std::unique_ptr<NoteLaw> keep_density(const Scope& scope, int least, int most);
// Notes begin only at the marks of a bar's pattern of equal steps ("x..x..x.").
std::unique_ptr<NoteLaw> keep_rhythm(const Scope& scope, std::string pattern);
// No part repeats more than `longest` notes in a row of what a part of `source` plays there
// (pitches, in order).
std::unique_ptr<NoteLaw> limit_repeating(const score::Score& source, int longest);
// Notes begin only in the cells that are open, open[bar][part], or in parts beyond those of a row.
std::unique_ptr<NoteLaw> keep_to_cells(std::vector<std::vector<bool>> open);

}  // namespace symphony::generate
