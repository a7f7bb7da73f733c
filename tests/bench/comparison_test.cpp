#include "symphony/bench/comparison.h"

#include <gtest/gtest.h>

namespace symphony::bench {
namespace {

base::Json report(double training, double reading) {
    return {{"models",
             {{{"name", "lstm"},
               {"precision", "bf16"},
               {"training_tokens_per_second", training},
               {"seconds_per_step", 7.0},
               {"peers", {{{"name", "PyTorch"}, {"tokens_per_second", 1.0}}}}}}},
            {"tasks", {{{"task", "read"}, {"seconds", reading}, {"count", 3}}}}};
}

std::vector<SpeedRound> rounds(const std::vector<double>& training_ratios) {
    std::vector<SpeedRound> all;
    for (const double ratio : training_ratios)
        all.push_back({report(100 * ratio, 1), report(100, 2)});
    return all;
}

TEST(Comparison, RatesAndTimesArePairedByWhatTheyMeasure) {
    const auto changes = compare_speeds(rounds({1, 1, 1}));
    ASSERT_EQ(changes.size(), 2u) << "no peers, no times beside a rate, no counts";
    EXPECT_EQ(changes[0].what, "models lstm bf16 training_tokens_per_second");
    EXPECT_DOUBLE_EQ(changes[0].ratio, 1);
    EXPECT_EQ(changes[1].what, "tasks read seconds");
    EXPECT_DOUBLE_EQ(changes[1].ratio, 2) << "half the time is twice as fast";
    EXPECT_TRUE(changes[1].is_faster());
}

TEST(Comparison, ASlowdownPastNoiseIsFlagged) {
    const auto steady = compare_speeds(rounds({0.90, 0.91, 0.89, 0.90, 0.92})).front();
    EXPECT_TRUE(steady.is_slower());
    EXPECT_NE(steady.to_text().find("SLOWER"), std::string::npos);
    EXPECT_EQ(steady.to_json()["verdict"], "slower");
}

TEST(Comparison, NeitherNoiseNorOneBadRoundNorATraceIsASlowdown) {
    for (const std::vector<double>& ratios : {std::vector<double>{0.9, 1.2, 0.7, 1.0, 0.95},
                                              {1.0, 1.0, 0.3, 1.0, 1.0},
                                              {0.99, 0.99, 0.99, 0.99, 0.99}}) {
        const auto change = compare_speeds(rounds(ratios)).front();
        EXPECT_FALSE(change.is_slower()) << change.to_text();
        EXPECT_FALSE(change.is_faster()) << change.to_text();
    }
}

TEST(Comparison, WhatOneOfThemDoesNotMeasureIsLeftOut) {
    auto pairs = rounds({1, 1, 1});
    pairs[1].theirs.erase("tasks");
    EXPECT_EQ(compare_speeds(pairs).size(), 1u);
}

TEST(Comparison, TwoRoundsSayNothing) {
    EXPECT_TRUE(compare_speeds(rounds({0.5, 0.5})).empty());
    EXPECT_TRUE(compare_speeds({}).empty());
}

TEST(Comparison, FewRoundsMustAgreeBetter) {
    EXPECT_FALSE(compare_speeds(rounds({0.93, 0.97, 0.90})).front().is_slower());
    EXPECT_TRUE(compare_speeds(rounds({0.93, 0.97, 0.90, 0.93, 0.97, 0.90, 0.93, 0.97, 0.90}))
                    .front()
                    .is_slower());
}

}  // namespace
}  // namespace symphony::bench
