// Melodic lines of a piece: what is heard on top, at the bottom, and on top of each part. They stay
// when parts are merged, split, dropped or doubled. Own; the top line is the "skyline" of
// Uitdenbogerd and Zobel, "Melodic matching techniques for large music databases", 1999.
#pragma once

#include "symphony/score/score.h"

#include <vector>

namespace symphony::corpus {

struct LineNote {
    score::Ticks onset;
    std::uint8_t pitch = 60;
    auto operator<=>(const LineNote&) const = default;
};
using Line = std::vector<LineNote>;  // in order of onset

enum class Edge { kTop, kBottom };

// The outermost of the notes that begin together (within `together` ticks), left out where a note
// further out still sounds. `notes` sorted by onset.
Line edge_line(const std::vector<score::Note>& notes, Edge edge, score::Ticks together);

// Notes begin together if a listener cannot tell: within 30 ms at the piece's mean tempo, at most a
// twelfth of a quarter.
score::Ticks togetherness(const score::Score& score);

}  // namespace symphony::corpus
