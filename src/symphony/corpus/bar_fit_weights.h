// The weights of bar_fit.cpp, fitted by tools/fit_bar_lines.py on half of the works; docs/corpus.md
// says on which and how well they do on the others.
#pragma once

#include "symphony/corpus/bar_fit.h"

namespace symphony::corpus {

// clang-format off
inline constexpr BarringFeatures kBarringWeights{
    // onsets, length, longest, bass, harmony, held, velocity, bass fifth, repeated, top leap
    // on the bar line
    0.958, 1.079, 2.661, 0.485, -0.516, -4.074, -0.004, 0.634, -0.932, -0.155,
    // in the middle of the bar
    -0.687, 1.694, 0.129, 0.231, 0.771, -0.022, 0.133, 1.374, 0.222, 0.141,
    // on the beats
    0.240, 0.589, 1.521, 0.410, 1.656, -1.221, 0.256, 0.935, -0.183, 0.704,
    // a beat before the bar line
    0.258, -0.570, -0.228, 0.047, -0.556, 0.376, 0.502, -0.564, 0.039, 0.781,
    // a beat after it
    0.379, -0.009, 0.180, -0.086, -0.345, -0.422, -0.323, -0.914, 0.258, -0.182,
    // just before it
    0.912, 1.144, -0.498, 0.460, 1.384, 0.428, -0.184, -1.060, 0.295, 0.292,
    // just before the middle
    1.901, -0.492, -0.004, -0.611, -1.206, -1.132, 0.202, -1.161, -0.494, 0.068,
    // just after the bar line
    0.644, -0.352, 0.824, 0.432, 1.564, -0.095, -0.730, -0.343, 0.134, -0.149,
    // the last notes begin on a bar line, in the middle; 3/4, 6/8 where 4/4 is written
    0.349, 0.938, 1.736, -0.782};
// clang-format on
// How much sooner the present bar lines are believed (log odds), and how probable another barring
// must be: chosen on the same half.
inline constexpr double kPresentBarringPrior = 2;
inline constexpr double kLeastConfidence = 0.8;

}  // namespace symphony::corpus
