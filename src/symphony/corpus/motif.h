// A short melody to look for, from a score or as people type it.
#pragma once

#include "symphony/score/score.h"

#include <string_view>
#include <vector>

namespace symphony::corpus {

inline constexpr std::size_t kFewestMotifNotes = 3, kMostMotifNotes = 64;

struct Motif {
    std::vector<int> pitches;    // MIDI numbers; only the steps between them count
    std::vector<double> onsets;  // in quarters, one a pitch; empty: any rhythm will do
};

// The top line of the pitched parts, at most the first kMostMotifNotes. May be empty.
Motif motif_of(const score::Score& score);

// "c d e c", "g4 g a b-", "F# A C5": names a to g in either case, then #, b or - for sharps and
// flats, then an octave (c4 is middle C). Without one, the octave is the one nearest to the note
// before; the first is in octave 4. Separated by spaces or commas; no rhythm. Throws Error (kUsage)
// naming the word that is no note.
Motif parse_note_names(std::string_view text);

}  // namespace symphony::corpus
