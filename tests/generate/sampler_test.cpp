#include "symphony/generate/sampler.h"

#include "symphony/base/error.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <set>
#include <vector>

namespace symphony::generate {
namespace {

// Logits of the probabilities 0.1, 0.4, 0.2, 0.3.
const std::vector<float> kLogits = {std::log(0.1F), std::log(0.4F), std::log(0.2F), std::log(0.3F)};
const std::vector<std::uint8_t> kAll = {1, 1, 1, 1};

std::array<double, 4> shares(const SamplerOptions& options,
                             const std::vector<std::uint8_t>& mask = kAll) {
    constexpr int kDraws = 20000;
    std::array<double, 4> counts{};
    base::Rng rng(5, "sampler");
    for (int i = 0; i < kDraws; ++i)
        counts[static_cast<std::size_t>(sample(kLogits, mask, options, rng))] += 1;
    for (double& count : counts) count /= kDraws;
    return counts;
}

TEST(Sampler, DefaultsFollowTheModel) {
    const auto got = shares({});
    EXPECT_NEAR(got[0], 0.1, 0.01);
    EXPECT_NEAR(got[1], 0.4, 0.015);
    EXPECT_NEAR(got[2], 0.2, 0.015);
    EXPECT_NEAR(got[3], 0.3, 0.015);
}

TEST(Sampler, MaskedIdsNeverComeAndTheRestShareTheirMass) {
    const auto got = shares({}, {1, 0, 1, 1});
    EXPECT_EQ(got[1], 0);
    EXPECT_NEAR(got[3], 0.5, 0.015);
}

TEST(Sampler, TemperatureSharpensAndZeroTakesTheLikeliest) {
    EXPECT_EQ(shares({.temperature = 0})[1], 1);
    // Squared probabilities: 0.16 of 0.30.
    EXPECT_NEAR(shares({.temperature = 0.5})[1], 0.16 / 0.30, 0.015);
}

TEST(Sampler, TopKTopPAndMinP) {
    const auto top2 = shares({.top_k = 2});
    EXPECT_EQ(top2[0] + top2[2], 0);
    EXPECT_NEAR(top2[1], 4.0 / 7, 0.015);
    // 0.4 + 0.3 reach 0.69, but not 0.71.
    EXPECT_EQ(shares({.top_p = 0.69})[2], 0);
    EXPECT_GT(shares({.top_p = 0.71})[2], 0.1);
    EXPECT_EQ(shares({.top_p = 0.01})[1], 1) << "at least one id stays";
    // Half as likely as the likeliest stays, a quarter goes.
    const auto min_p = shares({.min_p = 0.45});
    EXPECT_GT(min_p[2], 0.1);
    EXPECT_EQ(min_p[0], 0);
}

TEST(Sampler, TopPSeesTheTemperedDistribution) {
    // At temperature 0.5 the two likeliest hold 0.25 / 0.30 of the mass, more than 0.8.
    EXPECT_EQ(shares({.temperature = 0.5, .top_p = 0.8})[2], 0);
    EXPECT_GT(shares({.top_p = 0.8})[2], 0.1);
}

TEST(Sampler, TiesGoToTheLowerId) {
    base::Rng rng(1, "tie");
    const std::vector<float> logits = {0, 2, 2, 0};
    EXPECT_EQ(sample(logits, kAll, {.temperature = 0}, rng), 1);
    EXPECT_EQ(sample(logits, kAll, {.top_k = 1}, rng), 1);
}

TEST(Sampler, AModelThatRulesOutAllThatIsLegalIsNoReasonToStop) {
    base::Rng rng(1, "flat");
    const float never = -std::numeric_limits<float>::infinity();
    const std::vector<float> logits = {0, never, never, 0};
    std::set<int> drawn;
    for (int i = 0; i < 50; ++i)
        drawn.insert(sample(logits, std::vector<std::uint8_t>{0, 1, 1, 0}, {}, rng));
    EXPECT_EQ(drawn, (std::set<int>{1, 2}));
}

TEST(Sampler, NotANumberIsDivergence) {
    base::Rng rng(1, "nan");
    const std::vector<float> logits = {0, std::nanf(""), 0, 0};
    EXPECT_THROW(sample(logits, kAll, {}, rng), base::Error);
    EXPECT_NO_THROW(sample(logits, std::vector<std::uint8_t>{1, 0, 1, 1}, {}, rng));
}

}  // namespace
}  // namespace symphony::generate
