#include "symphony/score/role_steps.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>

namespace symphony::score {
namespace {

// Where step_features puts what.
constexpr std::size_t kIntervalEnd = 7, kLegato = 7, kShortGap = 8, kGap = 9, kLongGap = 10,
                      kLengths = 11, kAnew = 12, kSilence = 13;
constexpr double kRounding = 1e-9;
// Quarters of silence between two notes of a line.
constexpr double kLegatoGap = 1.0 / 16, kShortestRest = 0.5, kShortRest = 1.5;
constexpr double kMostLengthOctaves = 3;

}  // namespace

StepFeatures step_features(const PathNote& from, const PathNote& to) {
    const int interval = std::abs(to.pitch - from.pitch);
    const double gap = to.onset - from.end();
    StepFeatures f{};
    if (gap > kLongestStep) {
        f[12] = 1;
        return f;
    }
    f[0] = interval == 0;
    f[1] = interval == 1 || interval == 2;
    f[2] = interval >= 3 && interval <= 5;
    f[3] = interval >= 6 && interval <= 9;
    f[4] = interval == 12;
    f[5] = interval > 12;
    f[6] = std::min(interval, 24) / 12.0;
    f[7] = gap < kLegatoGap;
    f[8] = gap >= kLegatoGap && gap <= kShortestRest;
    f[9] = gap > kShortestRest && gap <= kShortRest;
    f[10] = gap > kShortRest;
    f[11] = std::min(kMostLengthOctaves, std::abs(std::log2(to.duration / from.duration)));
    f[13] = std::max(0.0, gap);
    return f;
}

StepScores::StepScores(const StepFeatures& weights) : weights_(weights) {
    for (std::size_t interval = 0; interval < kIntervals; ++interval) {
        const StepFeatures features =
            step_features({.pitch = 0}, {.onset = 1, .pitch = static_cast<int>(interval)});
        for (std::size_t f = 0; f < kIntervalEnd; ++f)
            of_interval_[interval] += weights[f] * features[f];
    }
    most_ = *std::max_element(of_interval_.begin(), of_interval_.end()) +
            *std::max_element(weights.begin() + kLegato, weights.begin() + kLengths) +
            std::max(0.0, kMostLengthOctaves * weights[kLengths]) +
            std::max(0.0, kLongestStep * weights[kSilence]);
    most_ = std::max(most_, weights[kAnew]) + kRounding;
}

double StepScores::octaves_between(double before, double after) {
    if (before == after) return 0;
    const double ratio = after / before;
    const auto bits = std::bit_cast<std::uint64_t>(ratio);
    Octaves& known = known_[(bits >> 46 ^ bits >> 52) % kRatios];
    if (known.ratio != ratio) known = {ratio, std::log2(ratio)};
    return known.octaves;
}

// The sums run in the order of the features; those that are zero add nothing.
double StepScores::operator()(const PathNote& from, const PathNote& to) {
    const double gap = to.onset - from.end();
    if (gap > kLongestStep) return weights_[kAnew];
    const auto interval = static_cast<std::size_t>(std::abs(to.pitch - from.pitch));
    double score = of_interval_[std::min(interval, kIntervals - 1)];
    score += weights_[gap < kLegatoGap       ? kLegato
                      : gap <= kShortestRest ? kShortGap
                      : gap <= kShortRest    ? kGap
                                             : kLongGap];
    score += weights_[kLengths] *
             std::min(kMostLengthOctaves, std::abs(octaves_between(from.duration, to.duration)));
    return score + weights_[kSilence] * std::max(0.0, gap);
}

}  // namespace symphony::score
