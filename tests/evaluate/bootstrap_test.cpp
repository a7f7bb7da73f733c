#include "symphony/evaluate/bootstrap.h"

#include "symphony/base/rng.h"

#include <gtest/gtest.h>

namespace symphony::evaluate {
namespace {

TEST(Bootstrap, MeanIsARatioOfSumsNotAMeanOfRatios) {
    const std::vector<RatioTerm> terms = {{"a", 10, 1}, {"b", 20, 9}};
    EXPECT_DOUBLE_EQ(bootstrap_ratio(terms).mean, 3);
}

TEST(Bootstrap, TwoEqualGroupsGiveTheirThreeMeans) {
    // Draws of two out of {0, 1}: mean 0 with probability 1/4, 1/2 with 1/2, 1 with 1/4.
    const std::vector<RatioTerm> terms = {{"a", 0, 1}, {"b", 1, 1}};
    const Interval interval = bootstrap_ratio(terms);
    EXPECT_DOUBLE_EQ(interval.low, 0);
    EXPECT_DOUBLE_EQ(interval.high, 1);
    BootstrapOptions half;
    half.level = 0.4;  // inside the middle half
    EXPECT_DOUBLE_EQ(bootstrap_ratio(terms, half).low, 0.5);
    EXPECT_DOUBLE_EQ(bootstrap_ratio(terms, half).high, 0.5);
}

TEST(Bootstrap, PiecesOfOneGroupAreDrawnTogether) {
    const std::vector<RatioTerm> one_work = {{"a", 0, 1}, {"a", 1, 1}};
    const Interval interval = bootstrap_ratio(one_work);
    EXPECT_EQ(count_groups(one_work), 1u);
    EXPECT_DOUBLE_EQ(interval.low, 0.5);
    EXPECT_DOUBLE_EQ(interval.high, 0.5);
}

TEST(Bootstrap, IntervalOfNormalMeansIsNearTheory) {
    base::Rng rng(3, "test");
    std::vector<RatioTerm> terms;
    for (int i = 0; i < 400; ++i) terms.push_back({std::to_string(i), rng.normal(), 1});
    const Interval interval = bootstrap_ratio(terms);
    // 1.96 / sqrt(400) on either side.
    EXPECT_NEAR((interval.high - interval.low) / 2, 0.098, 0.012);
}

TEST(Bootstrap, PairingRemovesWhatBothShare) {
    base::Rng rng(4, "test");
    std::vector<RatioTerm> first, second, noisy;
    for (int i = 0; i < 40; ++i) {
        const double hardness = 10 * rng.uniform();  // of the piece, for both models
        first.push_back({std::to_string(i), hardness, 1});
        second.push_back({std::to_string(i), hardness + 0.1 + 0.05 * rng.normal(), 1});
        noisy.push_back({std::to_string(i), hardness + rng.normal(), 1});
    }
    const Interval paired = bootstrap_difference(first, second);
    EXPECT_LT(paired.high, 0) << "a small but steady difference shows";
    EXPECT_TRUE(paired.excludes_zero());
    EXPECT_FALSE(bootstrap_difference(first, noisy).excludes_zero());
    EXPECT_FALSE(bootstrap_difference(first, first).excludes_zero());
}

TEST(Bootstrap, SameSeedSameInterval) {
    const std::vector<RatioTerm> terms = {{"a", 1, 3}, {"b", 2, 5}, {"c", 7, 4}, {"d", 1, 1}};
    EXPECT_EQ(bootstrap_ratio(terms), bootstrap_ratio(terms));
}

TEST(Bootstrap, CentredIntervalsAreMovedOntoTheFigure) {
    std::vector<double> resamples;
    for (int i = 0; i <= 1000; ++i) resamples.push_back(i);
    const Interval found = centred_interval(600, resamples);
    EXPECT_DOUBLE_EQ(found.mean, 600);
    EXPECT_DOUBLE_EQ(found.low, 600 - 475);
    EXPECT_DOUBLE_EQ(found.high, 600 + 475);
    EXPECT_EQ(centred_interval(3, {}), (Interval{3, 3, 3}));
}

}  // namespace
}  // namespace symphony::evaluate
