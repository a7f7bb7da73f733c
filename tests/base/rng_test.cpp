#include "symphony/base/rng.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace symphony::base {
namespace {

// Known answers of the Random123 distribution (kat_vectors, philox4x32 10 rounds).
TEST(Philox, KnownAnswers) {
    const std::array<std::uint32_t, 4> zeros{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8};
    EXPECT_EQ(philox4x32({0, 0, 0, 0}, {0, 0}), zeros);
    const std::uint32_t ones = 0xffffffff;
    const std::array<std::uint32_t, 4> all{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd};
    EXPECT_EQ(philox4x32({ones, ones, ones, ones}, {ones, ones}), all);
}

TEST(Rng, SameNameSameDrawsOtherNameOtherDraws) {
    Rng a(7, "sample", 3), b(7, "sample", 3), c(7, "sample", 4), d(7, "shuffle", 3);
    const auto first = a.next_u64();
    EXPECT_EQ(first, b.next_u64());
    EXPECT_NE(first, c.next_u64());
    EXPECT_NE(first, d.next_u64());
}

TEST(Rng, UniformAndNormalHaveTheirMoments) {
    Rng rng(1, "moments");
    double sum = 0, sum_normal = 0, square_normal = 0;
    constexpr int kDraws = 200000;
    for (int i = 0; i < kDraws; ++i) {
        sum += rng.uniform();
        const double z = rng.normal();
        sum_normal += z;
        square_normal += z * z;
    }
    EXPECT_NEAR(sum / kDraws, 0.5, 0.005);
    EXPECT_NEAR(sum_normal / kDraws, 0.0, 0.01);
    EXPECT_NEAR(square_normal / kDraws, 1.0, 0.02);
}

TEST(Rng, CategoricalFollowsItsWeights) {
    Rng rng(2, "categorical");
    const std::array<double, 3> weights{1, 0, 3};
    std::array<int, 3> counts{};
    for (int i = 0; i < 40000; ++i) ++counts[rng.categorical(weights)];
    EXPECT_EQ(counts[1], 0);
    EXPECT_NEAR(counts[2] / 40000.0, 0.75, 0.01);
}

}  // namespace
}  // namespace symphony::base
