// The beat of a metre, for all who count in beats: endings, accents, the metronome. Own.
#pragma once

#include "symphony/score/score.h"

namespace symphony::score {

// A unit of the metre's denominator (3/8: an eighth, 2/2: a half), or three of them in compound
// metres (6/8, 9/8, 12/8: a dotted quarter). At least one tick.
Ticks beat_length(Meter meter, int ticks_per_quarter);

}  // namespace symphony::score
