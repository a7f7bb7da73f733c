// How sure the comparison of two densities of distances is: bootstrap over the pieces between which
// they are.
#pragma once

#include "symphony/evaluate/bootstrap.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace symphony::evaluate {

// Distances between pieces, numbered in their sets.
struct PairDistances {
    std::vector<double> values;
    std::vector<std::uint32_t> first, second;  // of each value
};

struct DensityIntervals {
    Interval overlap, kl;  // `mean`: of the sample itself, on the same grid
    bool operator==(const DensityIntervals&) const = default;
};

// 95 % bootstrap (200 resamples, centred_interval): pieces of both sets are drawn with replacement;
// a piece that is drawn twice has no distance to itself. `inside`: pairs of the real set; `across`:
// first of the other set, second of the real one. Kernels are as wide as for at most `most_values`
// values. Densities are sums over 500 bins, so that a resample costs little. Intervals are points
// where either sample has no spread. Precondition: neither is empty.
DensityIntervals bootstrap_densities(const PairDistances& inside, const PairDistances& across,
                                     std::size_t real_pieces, std::size_t other_pieces,
                                     std::size_t most_values);

}  // namespace symphony::evaluate
