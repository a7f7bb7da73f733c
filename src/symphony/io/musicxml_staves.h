// Parts of a score to notated parts: which parts are the staves of one instrument, which notes of a
// keyboard go to which hand, and the clefs. Source: own.
#pragma once

#include "symphony/io/musicxml_notation.h"

#include <vector>

namespace symphony::io::musicxml {

// Neighbours of one name and program that were given staves are one notated part. A keyboard part
// without staves that reaches well below and above middle C gets two. Drums are drawn as strokes:
// each lasts until the next stroke of its hand or foot, at most to the end of its beat. Pitches are
// not spelled yet. `score` is at kUnits per quarter and outlives the result.
std::vector<NotatedPart> notated_parts(const score::Score& score);

}  // namespace symphony::io::musicxml
