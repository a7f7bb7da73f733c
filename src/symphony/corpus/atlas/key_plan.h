// Keys over time. Each bar is compared with the Krumhansl-Kessler key profiles in a window of
// three bars; the plan is the path of keys with the highest sum of correlations less a penalty for
// each change (the windowed key finding of Krumhansl, "Cognitive Foundations of Musical Pitch",
// 1990, chapter 4, with the change penalty of Temperley, "The Cognition of Basic Musical
// Structures", 2001, chapter 7).
#pragma once

#include "symphony/score/score.h"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace symphony::corpus {

// Bars [first_bar, first_bar + bars) are in `key`.
struct KeyRegion {
    std::int32_t first_bar = 0;
    std::int32_t bars = 0;
    score::Key key;
    bool operator==(const KeyRegion&) const = default;
};

struct KeyPlan {
    std::vector<KeyRegion> regions;  // in order, without gaps; empty without pitched notes
    double clarity = 0;              // mean over bars of the chosen key's correlation, -1..1
};

using PitchClassWeights = std::array<double, 12>;

// Sounding time of each pitch class in each bar, in ticks. `pitched` sorted by onset.
std::vector<PitchClassWeights> pitch_classes_by_bar(std::span<const score::Note> pitched,
                                                    std::span<const score::Bar> bars);

KeyPlan key_plan_of(std::span<const PitchClassWeights> by_bar);

// The key that holds most bars; C major of an empty plan.
score::Key home_key(const KeyPlan& plan);

// How `key` stands to `home` as a Roman numeral, "V" or "vi": degree in semitones, small letters
// for minor keys.
const char* degree_of_key(score::Key key, score::Key home);

}  // namespace symphony::corpus
