// Every metric against a value worked out by hand.
#include "symphony/evaluate/metrics/metrics.h"

#include "symphony/evaluate/music_statistics.h"

#include "evaluate/music.h"
#include <gtest/gtest.h>

#include <cmath>

namespace symphony::evaluate {
namespace {

using testing::PlainNote;
using testing::score_of;

TEST(Metrics, PitchClassEntropyCountsOnsetsNotDurations) {
    // C twice (one very long), E, G: -(1/2 log 1/2 + 2 * 1/4 log 1/4) = 1.5 bits.
    EXPECT_DOUBLE_EQ(
        pitch_class_entropy(score_of({{{0, 8, 60}, {1, 1, 72}, {2, 1, 64}, {3, 1, 67}}})), 1.5);
    EXPECT_TRUE(std::isnan(pitch_class_entropy(score_of({}))));
}

TEST(Metrics, DrumsHaveNoPitch) {
    auto score = score_of({{{0, 1, 60}}, {{0, 1, 38}, {1, 1, 42}}});
    score.parts[1].is_drums = true;
    EXPECT_DOUBLE_EQ(pitch_class_entropy(score), 0);
    EXPECT_DOUBLE_EQ(pitch_range(score), 0);
    EXPECT_DOUBLE_EQ(parts_sounding(score), 1);
}

TEST(Metrics, ScaleConsistencyTakesTheBestScale) {
    // C D E F# G lie in G major (= E minor); C# does not.
    EXPECT_DOUBLE_EQ(
        scale_consistency(
            score_of({{{0, 1, 60}, {1, 1, 62}, {2, 1, 64}, {3, 1, 66}, {4, 1, 67}, {5, 1, 61}}})),
        5.0 / 6);
}

TEST(Metrics, GrooveConsistencyIsMusPys) {
    // Bar 1 has onsets on four beats, bar 2 on the first: 3 of 48 steps differ.
    std::vector<PlainNote> notes = {{0, 1, 60}, {1, 1, 60}, {2, 1, 60}, {3, 1, 60}, {4, 3.5, 60}};
    EXPECT_DOUBLE_EQ(groove_consistency(score_of({notes})), 1 - 3.0 / 48);
    // Ending exactly on a bar line opens an empty third bar: end // 48 + 1 bars.
    notes.back().length = 4;
    EXPECT_DOUBLE_EQ(groove_consistency(score_of({notes})), 1 - (3.0 + 1) / 96);
}

TEST(Metrics, GrooveOfRealBarsKnowsTheMetre) {
    // The same dotted rhythm in every bar of 3/4: equal bars, but not in fours.
    std::vector<PlainNote> notes;
    for (int bar = 0; bar < 4; ++bar) {
        notes.push_back({bar * 3.0, 1.5, 60});
        notes.push_back({bar * 3 + 1.5, 1.5, 62});
    }
    EXPECT_DOUBLE_EQ(groove_consistency_of_bars(score_of({notes}, {3, 4})), 1);
    EXPECT_LT(groove_consistency(score_of({notes}, {3, 4})), 1);
    // One note more in the last of four bars: 1 of 3 * 36 steps.
    notes.push_back({11, 1, 64});
    EXPECT_DOUBLE_EQ(groove_consistency_of_bars(score_of({notes}, {3, 4})), 1 - 1.0 / 108);
}

TEST(Metrics, TextureAndRhythm) {
    const auto score = score_of({{{0, 4, 72}}, {{0, 2, 48}}});
    EXPECT_DOUBLE_EQ(polyphony(score), 1.5);
    EXPECT_DOUBLE_EQ(parts_sounding(score), 0.5);
    EXPECT_DOUBLE_EQ(note_density(score), 0.5);
    EXPECT_DOUBLE_EQ(mean_note_length(score), 3);
    EXPECT_DOUBLE_EQ(pitch_range(score), 24);
}

TEST(Metrics, APartWithTwoNotesAtOnceCountsOnce) {
    EXPECT_DOUBLE_EQ(parts_sounding(score_of({{{0, 2, 60}, {0, 4, 64}}, {{0, 2, 48}}})), 0.5);
    // A part that is silent throughout never sounds, but is there.
    EXPECT_DOUBLE_EQ(parts_sounding(score_of({{{0, 4, 72}}, {}, {{0, 4, 48}}})), 0);
    EXPECT_TRUE(std::isnan(parts_sounding(score_of({{}}))));
    // Silence in all parts counts as time, too.
    EXPECT_DOUBLE_EQ(parts_sounding(score_of({{{0, 1, 60}, {3, 1, 60}}})), 0.5);
}

TEST(Metrics, DistinctNgrams) {
    // Seven notes of a scale by whole tones: six equal steps, three 4-grams, one of them distinct.
    std::vector<PlainNote> notes;
    for (int i = 0; i < 7; ++i) notes.push_back({static_cast<double>(i), 1, 60 + 2 * i});
    EXPECT_DOUBLE_EQ(distinct_ngrams(score_of({notes})), 1.0 / 3);
    EXPECT_TRUE(std::isnan(distinct_ngrams(score_of({{{0, 1, 60}}}))));
}

TEST(Metrics, TonalDrift) {
    std::vector<PlainNote> notes;
    for (int bar = 0; bar < 8; ++bar) notes.push_back({bar * 4.0, 4, bar < 4 ? 60 : 67});
    EXPECT_DOUBLE_EQ(tonal_drift(score_of({notes})), 1);
    for (int bar = 4; bar < 6; ++bar) notes[static_cast<std::size_t>(bar)].pitch = 72;
    EXPECT_DOUBLE_EQ(tonal_drift(score_of({notes})), 0.5);
    notes.pop_back();
    EXPECT_TRUE(std::isnan(tonal_drift(score_of({notes})))) << "seven bars";
}

TEST(Metrics, ClosesOnTonic) {
    const auto closing = [](std::vector<int> pitches, score::Key key) {
        std::vector<std::vector<PlainNote>> parts;
        for (const int pitch : pitches) parts.push_back({{0, 4, 62}, {4, 4, pitch}});
        auto score = score_of(parts);
        score.keys.push_back({score::Ticks(0), key});
        return closes_on_tonic(score);
    };
    EXPECT_EQ(closing({48, 55, 64, 72}, {0, false}), 1);
    EXPECT_EQ(closing({48, 64, 72}, {0, false}), 1) << "the fifth may be missing";
    EXPECT_EQ(closing({52, 55, 60, 72}, {0, false}), 0) << "first inversion";
    EXPECT_EQ(closing({48, 55, 60}, {0, false}), 0) << "no third";
    EXPECT_EQ(closing({48, 52, 55, 58}, {0, false}), 0) << "a seventh chord";
    EXPECT_EQ(closing({45, 52, 61, 69}, {0, true}), 1) << "A minor with a Picardy third";
    EXPECT_EQ(closing({45, 52, 60, 69}, {0, false}), 0) << "A minor is not the tonic of C major";
}

TEST(Metrics, EveryMetricHasAValueForOrdinaryMusic) {
    std::vector<std::vector<PlainNote>> parts(2);
    for (int i = 0; i < 32; ++i) {
        parts[0].push_back({static_cast<double>(i), 1, 60 + (i * 5) % 12});
        parts[1].push_back({static_cast<double>(i), 1, 48 + (i * 7) % 12});
    }
    const auto values = statistics_of(score_of(parts));
    ASSERT_EQ(values.size(), metrics().size());
    for (std::size_t m = 0; m < values.size(); ++m)
        EXPECT_TRUE(std::isfinite(values[m])) << metrics()[m].name;
}

}  // namespace
}  // namespace symphony::evaluate
