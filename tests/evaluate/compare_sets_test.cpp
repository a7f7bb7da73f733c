#include "symphony/base/error.h"
#include "symphony/base/rng.h"
#include "symphony/evaluate/generated_report.h"
#include "symphony/score/muspy_metrics.h"

#include "evaluate/music.h"
#include <gtest/gtest.h>

#include <cmath>

namespace symphony::evaluate {
namespace {

using testing::PlainNote;
using testing::score_of;

// Eight bars in two parts, wandering inside C major.
score::Score piece(std::uint64_t seed, int chromatic_per_12) {
    base::Rng rng(seed, "piece");
    constexpr int kScale[] = {0, 2, 4, 5, 7, 9, 11};
    std::vector<std::vector<PlainNote>> parts(2);
    for (int i = 0; i < 32; ++i)
        for (int p = 0; p < 2; ++p) {
            const int step = rng.below(12) < static_cast<std::uint64_t>(chromatic_per_12)
                                 ? static_cast<int>(rng.below(12))
                                 : kScale[rng.below(7)];
            parts[static_cast<std::size_t>(p)].push_back(
                {static_cast<double>(i), 1, 48 + 12 * p + step});
        }
    return score_of(parts);
}

std::vector<score::Score> pieces(std::uint64_t first, int count, int chromatic_per_12) {
    std::vector<score::Score> scores;
    for (int i = 0; i < count; ++i)
        scores.push_back(piece(first + static_cast<std::uint64_t>(i), chromatic_per_12));
    return scores;
}

const MetricComparison& row(const SetComparison& comparison, const std::string& metric) {
    for (const auto& r : comparison.metrics)
        if (r.metric == metric) return r;
    throw std::runtime_error("no metric " + metric);
}

TEST(Wasserstein, ByHand) {
    EXPECT_DOUBLE_EQ(wasserstein_distance({0, 0}, {1, 1}), 1);
    EXPECT_DOUBLE_EQ(wasserstein_distance({0, 1}, {1, 0}), 0);
    EXPECT_DOUBLE_EQ(wasserstein_distance({0}, {0, 1}), 0.5);
    EXPECT_DOUBLE_EQ(wasserstein_distance({2, 4}, {3, 7}), 2);
}

TEST(Sample, BandLeavesFivePercentOnEitherSide) {
    std::vector<double> values;
    for (int i = 100; i >= 0; --i) values.push_back(i);
    const Sample sample = sample_of(values);
    EXPECT_DOUBLE_EQ(sample.mean, 50);
    EXPECT_DOUBLE_EQ(sample.low, 5);
    EXPECT_DOUBLE_EQ(sample.high, 95);
}

TEST(CompareSets, LikeMusicIsInsideAndOddMusicIsNamed) {
    const auto held_out = pieces(1000, 60, 1), train = pieces(2000, 100, 1);
    const auto like = compare_sets("like", 8, pieces(3000, 100, 1), held_out, train);
    EXPECT_EQ(like.outside(), std::vector<std::string>{});
    EXPECT_NEAR(row(like, "scale-consistency").generated_in_band, 0.9, 0.12);
    EXPECT_LT(row(like, "scale-consistency").generated_distance, 0.5);

    const auto odd = compare_sets("odd", 8, pieces(4000, 100, 12), held_out, train);
    const auto& scale = row(odd, "scale-consistency");
    EXPECT_FALSE(scale.inside);
    EXPECT_GT(scale.generated_distance, 3 * scale.train_distance);
    EXPECT_TRUE(row(odd, "note-density").inside);
    EXPECT_NE(odd.sentence().find("outside:"), std::string::npos);
}

TEST(CompareSets, TellsMuspysStatisticsWithTheirIntervals) {
    const auto held_out = pieces(1000, 60, 1), takes = pieces(3000, 100, 1);
    const auto comparison = compare_sets("m", 8, takes, held_out, held_out);
    // All fourteen but the two of drums.
    ASSERT_EQ(comparison.muspy.size(), score::kMuspyMetrics - 2);
    for (std::size_t m = 0; m < comparison.muspy.size(); ++m) {
        const MetricComparison& one = comparison.muspy[m];
        EXPECT_EQ(one.metric, score::kMuspyMetricNames[m]);
        double sum = 0;
        for (const score::Score& take : takes) sum += score::muspy_metrics(take)[m];
        EXPECT_NEAR(one.generated.mean, sum / 100, 1e-9) << one.metric;
        EXPECT_LE(one.generated.mean_low, one.generated.mean + 1e-9);
        EXPECT_GE(one.generated.mean_high, one.generated.mean - 1e-9);
    }
    // Of 100 values the mean lies within two standard errors, 95 % of the time.
    const Sample& entropy = comparison.muspy[7].generated;
    double squares = 0;
    for (const double v : entropy.values) squares += (v - entropy.mean) * (v - entropy.mean);
    EXPECT_NEAR(entropy.mean_high - entropy.mean_low, 2 * 1.96 * std::sqrt(squares) / 100,
                0.1 * (entropy.mean_high - entropy.mean_low));
    EXPECT_EQ(comparison.train_structure.error.mean, 0) << "the same pieces";
}

TEST(CompareSets, MoreIsNotBetter) {
    // Music purer than the data is as far from it as music less pure.
    const auto held_out = pieces(1000, 60, 6), train = pieces(2000, 60, 6);
    const auto pure = compare_sets("pure", 8, pieces(3000, 60, 0), held_out, train);
    EXPECT_FALSE(row(pure, "scale-consistency").inside);
}

TEST(CompareSets, AShareIsJudgedByWhatChanceAllows) {
    // Every held-out piece closes on its tonic: takes that never do lie outside.
    const auto closing = [](int last) {
        auto score = score_of({{{0, 4, 64}, {4, 4, last + 16}}, {{0, 4, 55}, {4, 4, last}}});
        score.keys.push_back({score::Ticks(0), {0, false}});
        return score;
    };
    const std::vector<score::Score> home(10, closing(48)), away(10, closing(50));
    EXPECT_TRUE(row(compare_sets("m", 2, home, home, home), "closes-on-tonic").inside);
    EXPECT_FALSE(row(compare_sets("m", 2, away, home, home), "closes-on-tonic").inside);
}

TEST(GeneratedReport, CutsTheLastBarsAndComesBackFromJson) {
    const auto held_out = pieces(1000, 20, 1), train = pieces(2000, 20, 1);
    std::vector<score::Score> takes = last_bars_of(pieces(3000, 20, 1), 4);
    ASSERT_EQ(score::bars_of(takes[0]).size(), 4u);
    EXPECT_EQ(takes[0].note_count(), 32u);
    const GeneratedReport report = compare_generated({{"m", takes}}, held_out, train, 4);
    ASSERT_EQ(report.models.size(), 1u);
    EXPECT_EQ(report.models[0].held_out_pieces, 20);
    EXPECT_FALSE(report.voice_leading[0]) << "two parts";
    EXPECT_EQ(generated_report_from_json(to_json(report)), report);
    EXPECT_THROW(compare_generated({{"m", takes}}, held_out, train, 9), base::Error);
    EXPECT_THROW(generated_report_from_json(base::Json::object()), base::Error);
}

}  // namespace
}  // namespace symphony::evaluate
