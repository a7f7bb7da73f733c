#include "symphony/evaluate/density_bootstrap.h"

#include "symphony/base/rng.h"
#include "symphony/evaluate/set_distances.h"

#include <gtest/gtest.h>

#include <cmath>

namespace symphony::evaluate {
namespace {

std::vector<double> normal_values(std::uint64_t seed, std::size_t count, double mean) {
    base::Rng rng(seed, "densities of normal pieces");
    std::vector<double> values;
    for (std::size_t i = 0; i < count; ++i) values.push_back(rng.normal() + mean);
    return values;
}

struct Sets {
    PairDistances inside, across;
    std::size_t real = 0, other = 0;
};

Sets sets_of(const std::vector<double>& real, const std::vector<double>& other) {
    Sets sets{.real = real.size(), .other = other.size()};
    const auto add = [](PairDistances& pairs, double value, std::size_t i, std::size_t j) {
        pairs.values.push_back(std::abs(value));
        pairs.first.push_back(static_cast<std::uint32_t>(i));
        pairs.second.push_back(static_cast<std::uint32_t>(j));
    };
    for (std::size_t i = 0; i < real.size(); ++i)
        for (std::size_t j = i + 1; j < real.size(); ++j) add(sets.inside, real[i] - real[j], i, j);
    for (std::size_t i = 0; i < other.size(); ++i)
        for (std::size_t j = 0; j < real.size(); ++j) add(sets.across, other[i] - real[j], i, j);
    return sets;
}

DensityIntervals intervals_of(const Sets& sets) {
    return bootstrap_densities(sets.inside, sets.across, sets.real, sets.other, 1000000);
}

// On bins the figures are those of the densities themselves.
TEST(DensityBootstrap, BinsLoseNothingThatCounts) {
    for (const double apart : {0.0, 1.0, 3.0}) {
        const Sets sets = sets_of(normal_values(1, 50, 0), normal_values(2, 40, apart));
        const DensityIntervals found = intervals_of(sets);
        const DensityComparison exact = compare_densities(sets.inside.values, sets.across.values);
        EXPECT_NEAR(found.overlap.mean, exact.overlap, 2e-3) << apart;
        EXPECT_NEAR(found.kl.mean, exact.kl, 0.01 * exact.kl + 2e-3) << apart;
        EXPECT_LE(found.overlap.low, found.overlap.mean);
        EXPECT_GE(found.overlap.high, found.overlap.mean);
    }
}

// What further sets from the same two sources come to lies in the interval about as often as it
// says.
TEST(DensityBootstrap, IntervalsHoldWhatOtherSetsOfTheSameKindGive) {
    int held = 0;
    constexpr int kRounds = 40;
    const double expected =
        intervals_of(sets_of(normal_values(500, 600, 0), normal_values(501, 600, 1.5)))
            .overlap.mean;
    for (std::uint64_t round = 0; round < kRounds; ++round) {
        const DensityIntervals found = intervals_of(
            sets_of(normal_values(2 * round, 60, 0), normal_values(2 * round + 1, 60, 1.5)));
        held += found.overlap.low <= expected && expected <= found.overlap.high;
    }
    EXPECT_GE(held, kRounds * 3 / 4);
}

TEST(DensityBootstrap, MorePiecesMakeItSurer) {
    const auto width = [](std::size_t pieces) {
        const DensityIntervals found =
            intervals_of(sets_of(normal_values(1, pieces, 0), normal_values(2, pieces, 1.5)));
        return found.overlap.high - found.overlap.low;
    };
    EXPECT_LT(width(200), 0.7 * width(50));
}

TEST(DensityBootstrap, WithoutSpreadThereIsNoInterval) {
    EXPECT_EQ(intervals_of(sets_of({1, 1, 1}, {1, 1})), DensityIntervals{});
}

}  // namespace
}  // namespace symphony::evaluate
