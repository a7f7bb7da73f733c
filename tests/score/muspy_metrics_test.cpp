// MusPy's metrics against their definitions, tick by tick as MusPy takes them.
#include "symphony/score/muspy_metrics.h"

#include "symphony/base/rng.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace symphony::score {
namespace {

using Metrics = std::array<double, kMuspyMetrics>;

double metric(const Metrics& metrics, const std::string& name) {
    const auto at = std::find(kMuspyMetricNames.begin(), kMuspyMetricNames.end(), name);
    return metrics[static_cast<std::size_t>(at - kMuspyMetricNames.begin())];
}

Score random_score(std::uint64_t seed, int ticks_per_quarter) {
    base::Rng rng(seed, "score");
    Score score;
    score.ticks_per_quarter = ticks_per_quarter;
    score.parts.resize(1 + rng.below(4));
    for (std::size_t p = 0; p < score.parts.size(); ++p) {
        score.parts[p].is_drums = p == 2;
        for (std::uint64_t n = rng.below(60); n > 0; --n)
            score.parts[p].notes.push_back(
                {.onset = Ticks(static_cast<std::int64_t>(rng.below(400))),
                 .duration = Ticks(1 + static_cast<std::int64_t>(rng.below(30))),
                 .pitch = static_cast<std::uint8_t>(55 + rng.below(14))});
    }
    score.parts[0].notes.push_back({.onset = Ticks(7), .duration = Ticks(3)});
    sort_events(score);
    return score;
}

// The piano roll, the flags of beats and the onset vectors of muspy/metrics/metrics.py.
struct Plain {
    explicit Plain(const Score& score) {
        const std::int64_t end = score.end().value, beat = score.ticks_per_quarter;
        std::vector<std::array<bool, kPitches>> roll(static_cast<std::size_t>(end));
        std::vector<bool> beats(static_cast<std::size_t>(end / beat + 1)),
            measures(static_cast<std::size_t>(end / (4 * beat) + 1)),
            begins(static_cast<std::size_t>(4 * beat) * measures.size());
        for (const Part& part : score.parts)
            for (const Note& note : part.notes) {
                for (auto t = note.onset.value; t <= note.end().value; ++t) {
                    beats[static_cast<std::size_t>(t / beat)] = true;
                    measures[static_cast<std::size_t>(t / (4 * beat))] = true;
                    if (t < note.end().value && !part.is_drums)
                        roll[static_cast<std::size_t>(t)][note.pitch] = true;
                }
                begins[static_cast<std::size_t>(note.onset.value)] = true;
            }
        double pitches = 0, any = 0, many = 0;
        for (const auto& step : roll) {
            const auto on = std::count(step.begin(), step.end(), true);
            pitches += static_cast<double>(on);
            any += on > 0 ? 1 : 0;
            many += on > 2 ? 1 : 0;
        }
        polyphony = pitches / any;
        polyphony_rate = many / static_cast<double>(end);
        const auto empty = [](const std::vector<bool>& all) {
            return static_cast<double>(std::count(all.begin(), all.end(), false)) /
                   static_cast<double>(all.size());
        };
        empty_beats = empty(beats);
        empty_measures = empty(measures);
        double differences = 0;
        for (std::size_t t = static_cast<std::size_t>(4 * beat); t < begins.size(); ++t)
            differences += begins[t] != begins[t - static_cast<std::size_t>(4 * beat)] ? 1 : 0;
        groove = 1 - differences / static_cast<double>(4 * beat) /
                         static_cast<double>(measures.size() - 1);
    }
    double polyphony, polyphony_rate, empty_beats, empty_measures, groove;
};

TEST(MuspyMetrics, AreTheirDefinitions) {
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        const Score score = random_score(seed, seed % 2 == 0 ? 24 : 10);
        const Metrics metrics = muspy_metrics(score);
        const Plain plain(score);
        EXPECT_DOUBLE_EQ(metric(metrics, "polyphony"), plain.polyphony) << seed;
        EXPECT_DOUBLE_EQ(metric(metrics, "polyphony_rate"), plain.polyphony_rate) << seed;
        EXPECT_NEAR(metric(metrics, "empty_beat_rate"), plain.empty_beats, 1e-12) << seed;
        EXPECT_NEAR(metric(metrics, "empty_measure_rate"), plain.empty_measures, 1e-12) << seed;
        if (score.end().value >= 4 * score.ticks_per_quarter) {
            EXPECT_NEAR(metric(metrics, "groove_consistency"), plain.groove, 1e-12) << seed;
        }
    }
}

// C E G C held over two quarters, then F#; hits on a quarter, a sixteenth and a triplet.
TEST(MuspyMetrics, ByHand) {
    Score score;
    score.ticks_per_quarter = 12;
    score.parts.resize(2);
    for (const int pitch : {60, 64, 67, 72})
        score.parts[0].notes.push_back(
            {.duration = Ticks(24), .pitch = static_cast<std::uint8_t>(pitch)});
    score.parts[0].notes.push_back({.onset = Ticks(36), .duration = Ticks(11), .pitch = 66});
    score.parts[1].is_drums = true;
    for (const int onset : {0, 3, 16, 37})
        score.parts[1].notes.push_back({.onset = Ticks(onset), .duration = Ticks(1)});
    const Metrics metrics = muspy_metrics(score);
    EXPECT_EQ(metric(metrics, "pitch_range"), 12);
    EXPECT_EQ(metric(metrics, "n_pitches_used"), 5);
    EXPECT_EQ(metric(metrics, "n_pitch_classes_used"), 4);
    EXPECT_DOUBLE_EQ(metric(metrics, "polyphony"), (4 * 24 + 11) / 35.0);
    EXPECT_DOUBLE_EQ(metric(metrics, "polyphony_rate"), 24 / 47.0);
    EXPECT_DOUBLE_EQ(metric(metrics, "pitch_in_scale_rate"), 0.8);
    EXPECT_DOUBLE_EQ(metric(metrics, "scale_consistency"), 1);  // all lie in G major
    EXPECT_DOUBLE_EQ(metric(metrics, "pitch_entropy"), std::log2(5.0));
    EXPECT_DOUBLE_EQ(metric(metrics, "drum_in_pattern_rate"), 0.5);
    EXPECT_DOUBLE_EQ(metric(metrics, "drum_pattern_consistency"), 0.5);
    EXPECT_TRUE(std::isnan(metric(metrics, "groove_consistency")));  // one measure
    EXPECT_EQ(metric(metrics, "empty_beat_rate"), 0);
}

TEST(MuspyMetrics, OfNothing) {
    const Metrics metrics = muspy_metrics({});
    EXPECT_EQ(metric(metrics, "pitch_range"), 0);
    for (const char* name : {"polyphony", "polyphony_rate", "pitch_in_scale_rate", "pitch_entropy",
                             "scale_consistency", "empty_beat_rate", "drum_in_pattern_rate"})
        EXPECT_TRUE(std::isnan(metric(metrics, name))) << name;
}

}  // namespace
}  // namespace symphony::score
