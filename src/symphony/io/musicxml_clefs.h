// The clefs of a staff: where it begins, and where the music stays so far from its clef that
// another one is easier to read. Source: own, after the customs of each instrument (Gould, "Behind
// Bars", 2011, "Clefs").
#pragma once

#include "symphony/io/musicxml_notation.h"

#include <vector>

namespace symphony::io::musicxml {

// Sets staff.clef and staff.clef_changes of staff `index` of `part`, whose notes are there. Of all
// courses through the clefs that the instrument is written in, the one with the fewest ledger
// lines, where each change costs as much as kChangeCost lines all through a bar, and each bar away
// from the staff's own clef a little: a clef never changes for less than that, nor back and forth.
void choose_clefs(Staff& staff, const NotatedPart& part, std::size_t index,
                  const std::vector<score::Bar>& bars);

inline constexpr double kChangeCost = 2.0;

}  // namespace symphony::io::musicxml
