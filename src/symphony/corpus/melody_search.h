// Where a motif sounds in a piece, whatever the key, the tempo and some ornament: approximate
// matching of its pitches in every line of the piece, for every transposition (Sellers, "The theory
// and computation of evolutionary distances", 1980, with musical costs after Mongeau and Sankoff,
// "Comparison of musical sequences", 1990), then of the proportions of its times.
#pragma once

#include "symphony/corpus/melody_lines.h"
#include "symphony/corpus/motif.h"
#include "symphony/score/score.h"

#include <cstddef>
#include <string>
#include <vector>

namespace symphony::corpus {

struct MelodyPlace {
    std::size_t part = 0;     // index into Score::parts
    std::string part_name;    // may be empty
    std::size_t bar = 1;      // where it begins, 1: the first bar of the piece
    score::Ticks onset, end;  // onsets of its first and its last note
    int transposition = 0;    // semitones from the motif to what sounds here
    double likeness = 0;      // 0..1; 1: all pitches and, if the motif has one, the rhythm
    double speed = 1;         // 2: in half the note values of the motif; 1 where it has no rhythm
};

// A place whose likeness is below this is none.
inline constexpr double kLeastLikeness = 0.6;

// All places of likeness `at_least` or more that do not overlap in one part, best first; of equal
// ones first those nearest to the motif's speed, then by onset. A motif of fewer than
// kFewestMotifNotes has none.
std::vector<MelodyPlace> find_melody(const MelodyLines& lines, const Motif& motif,
                                     double at_least = kLeastLikeness);

}  // namespace symphony::corpus
