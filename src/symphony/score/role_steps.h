// The scores of steps along a role path, as fast as they can be had to the last bit: what
// dot(weights, step_features(from, to)) gives, which stays as the reference. Own.
#pragma once

#include "symphony/score/role_path.h"

#include <array>
#include <cstddef>

namespace symphony::score {

class StepScores {
  public:
    explicit StepScores(const StepFeatures& weights);

    double operator()(const PathNote& from, const PathNote& to);
    // No step scores more, rounding included.
    double most() const { return most_; }

  private:
    static constexpr std::size_t kIntervals = 128, kRatios = 64;

    double octaves_between(double before, double after);

    StepFeatures weights_;
    std::array<double, kIntervals> of_interval_{};  // sums over the features of the interval
    double most_ = 0;
    // log2 of the last ratios seen: lengths of notes are few.
    struct Octaves {
        double ratio = 1, octaves = 0;
    };
    std::array<Octaves, kRatios> known_;
};

}  // namespace symphony::score
