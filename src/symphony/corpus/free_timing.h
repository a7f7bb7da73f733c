// Takes played without a click: the file has beats, but the onsets do not follow them. They are
// named, and can be put on a clock, where a tick is a time and no beat is asserted. Source: own;
// steps of 10 ms are those of Oore et al., "This time with feeling" (2018).
#pragma once

#include "symphony/score/score.h"

namespace symphony::corpus {

// Below this share of onsets near the beat's subdivisions a piece was played freely, not notated.
inline constexpr double kFollowsBeats = 0.6;

// Of all onsets, drums included, that fall on a 24th or a 16th of a quarter. Chance alone gives
// 0.26. 1 without notes.
double on_grid_share(const score::Score& score);

// Steps of 10 ms: what a tokenizer divides a quarter of `on_a_clock` into.
inline constexpr int kClockStepsPerQuarter = 50;

// The same music in real time: a tick is a millisecond (500 to the quarter, 120 quarters a minute
// throughout). Metre and bars are not asserted: where they stood on the clock they would say
// nothing. Everything else is moved along.
score::Score on_a_clock(const score::Score& score);

}  // namespace symphony::corpus
