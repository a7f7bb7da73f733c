// What sounds in a bar of a voice -> written values: ties at beats, dots, tuplets, rests, beams.
// Source: the usual rules of engraving (E. Gould, "Behind Bars", 2011).
#pragma once

#include "symphony/io/musicxml_beats.h"
#include "symphony/io/musicxml_notation.h"

#include <vector>

namespace symphony::io::musicxml {

// A stretch in which the same notes sound; none: a rest.
struct Stretch {
    std::int64_t from = 0, to = 0;  // in the bar
    std::vector<std::size_t> notes;
};

// Fills [0, length) without a gap. `offset` is how much of its beginning the bar lacks (an upbeat).
// Precondition: the stretches follow one another and fill the bar.
std::vector<Piece> written_values(const std::vector<Stretch>& stretches, std::int64_t length,
                                  std::int64_t offset, const BeatTree& beats);

}  // namespace symphony::io::musicxml
