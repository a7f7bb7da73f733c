// Do the bar lines fit the music? MIDI files that do not mark an upbeat have every bar line
// shifted. Source: own, after the observation that long notes begin on strong beats (Temperley and
// Sleator, "Modeling meter and harmony", 1999).
#pragma once

#include "symphony/score/score.h"

#include <vector>

namespace symphony::corpus {

// How many quarters after the bar lines the strong beats seem to lie: 0 where the bar lines fit, or
// where too few bars are alike to tell. A place of the bar (in half beats) is taken as the better
// bar line if the notes that begin there last at least half as long again, in all, as those on the
// bar line. `bars` as score::bars_of gives them. docs/corpus.md says how often this is right.
double bar_line_shift(const score::Score& score, const std::vector<score::Bar>& bars);

}  // namespace symphony::corpus
