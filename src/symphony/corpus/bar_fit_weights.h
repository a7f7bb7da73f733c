// The weights of bar_fit.cpp, fitted by tools/fit_bar_lines.py on half of the works; docs/corpus.md
// says on which and how well they do on the others.
#pragma once

#include "symphony/corpus/bar_fit.h"

namespace symphony::corpus {

// clang-format off
inline constexpr BarringFeatures kBarringWeights{
    // onsets, length, longest, bass, harmony, held, velocity
    0.412, 0.614, 2.922, 0.134, 0.905, -5.299, -0.173,    // on the bar line
    -0.717, 1.849, 0.183, 0.556, 0.885, -0.021, -0.286,   // in the middle of the bar
    -0.660, 0.129, 1.683, 0.340, 2.211, -1.165, 0.243,    // on the beats
    -0.522,          // the last notes begin on a bar line
    1.313, -0.240};  // 3/4, 6/8 where 4/4 is written
// clang-format on
// How much sooner the present bar lines are believed (log odds), and how probable another barring
// must be: chosen on the same half.
inline constexpr double kPresentBarringPrior = 2;
inline constexpr double kLeastConfidence = 0.8;

}  // namespace symphony::corpus
