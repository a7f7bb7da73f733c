#include "symphony/evaluate/voice_leading.h"

#include "evaluate/music.h"
#include <gtest/gtest.h>

namespace symphony::evaluate {
namespace {

using testing::score_of;

std::int64_t count(const VoiceLeading& result, VoiceFault fault) {
    return result.counts[static_cast<std::size_t>(fault)];
}

TEST(VoiceLeading, AGoodCadenceHasNoFault) {
    // F major to C major: soprano A F... in contrary motion to the bass.
    const auto result = analyse_voice_leading(score_of({{{0, 1, 69}, {1, 1, 67}},
                                                        {{0, 1, 65}, {1, 1, 64}},
                                                        {{0, 1, 60}, {1, 1, 60}},
                                                        {{0, 1, 53}, {1, 1, 48}}}));
    ASSERT_TRUE(result);
    EXPECT_EQ(result->chords, 2);
    EXPECT_TRUE(result->faults.empty());
}

TEST(VoiceLeading, ParallelsArePlaced) {
    // All four voices of C major move up a whole tone: fifths S-A? soprano G, alto E, tenor C,
    // bass C: soprano over tenor and bass are fifths, tenor over bass is an octave.
    const auto result = analyse_voice_leading(score_of({{{0, 2, 67}, {2, 2, 69}},
                                                        {{0, 2, 64}, {2, 2, 66}},
                                                        {{0, 2, 60}, {2, 2, 62}},
                                                        {{0, 2, 48}, {2, 2, 50}}}));
    ASSERT_TRUE(result);
    EXPECT_EQ(count(*result, VoiceFault::kParallelFifths), 2);
    EXPECT_EQ(count(*result, VoiceFault::kParallelOctaves), 1);
    ASSERT_EQ(result->faults.size(), 3u);
    const VoiceFaultAt first{
        VoiceFault::kParallelFifths, score::Ticks(2 * testing::kTicksPerQuarter), 1, 3, 0, 2};
    EXPECT_EQ(result->faults[0], first);
    EXPECT_EQ(result->faults[2].upper_voice, 2);
    EXPECT_EQ(result->faults[2].lower_voice, 3);
    EXPECT_DOUBLE_EQ(result->per_100_chords(VoiceFault::kParallelFifths), 100);
}

TEST(VoiceLeading, RepeatedChordsAndContraryMotionAreNoParallels) {
    const auto repeated = analyse_voice_leading(score_of({{{0, 1, 67}, {1, 1, 67}},
                                                          {{0, 1, 64}, {1, 1, 64}},
                                                          {{0, 1, 60}, {1, 1, 60}},
                                                          {{0, 1, 48}, {1, 1, 48}}}));
    ASSERT_TRUE(repeated);
    EXPECT_TRUE(repeated->faults.empty());
}

TEST(VoiceLeading, CrossingCountsWhereItBegins) {
    // The alto rises over the soprano for two chords.
    const auto result =
        analyse_voice_leading(score_of({{{0, 1, 72}, {1, 2, 67}, {3, 1, 72}},
                                        {{0, 1, 67}, {1, 1, 69}, {2, 1, 71}, {3, 1, 67}},
                                        {{0, 4, 60}},
                                        {{0, 4, 48}}}));
    ASSERT_TRUE(result);
    EXPECT_EQ(count(*result, VoiceFault::kCrossing), 1);
    EXPECT_EQ(result->faults[0].beat, 2);
}

TEST(VoiceLeading, RangesAndLeaps) {
    // The soprano leaps a seventh up to B flat 5, out of range; the bass leaps an octave, allowed.
    const auto result = analyse_voice_leading(
        score_of({{{0, 4, 72}, {4, 4, 82}}, {{0, 8, 67}}, {{0, 8, 60}}, {{0, 4, 57}, {4, 4, 45}}}));
    ASSERT_TRUE(result);
    EXPECT_EQ(count(*result, VoiceFault::kLeap), 1);
    EXPECT_EQ(count(*result, VoiceFault::kRange), 1);
    for (const VoiceFaultAt& fault : result->faults) {
        EXPECT_EQ(fault.bar, 2);
        EXPECT_EQ(fault.upper_voice, 0);
    }
}

TEST(VoiceLeading, VoicesAreOrderedByPitchWhateverTheParts) {
    const auto result =
        analyse_voice_leading(score_of({{{0, 1, 48}}, {{0, 1, 72}}, {{0, 1, 60}}, {{0, 1, 67}}}));
    ASSERT_TRUE(result);
    EXPECT_EQ(count(*result, VoiceFault::kCrossing), 0);
    EXPECT_EQ(count(*result, VoiceFault::kRange), 0);
}

TEST(VoiceLeading, OnlyFourSingleVoices) {
    EXPECT_FALSE(analyse_voice_leading(score_of({{{0, 1, 60}}, {{0, 1, 48}}})));
    EXPECT_FALSE(analyse_voice_leading(
        score_of({{{0, 1, 72}, {0, 1, 76}}, {{0, 1, 67}}, {{0, 1, 60}}, {{0, 1, 48}}})))
        << "a part with two notes at once";
}

TEST(VoiceLeading, SumsAndJson) {
    const auto one = analyse_voice_leading(score_of({{{0, 2, 67}, {2, 2, 69}},
                                                     {{0, 2, 64}, {2, 2, 66}},
                                                     {{0, 2, 60}, {2, 2, 62}},
                                                     {{0, 2, 48}, {2, 2, 50}}}));
    ASSERT_TRUE(one);
    EXPECT_EQ(voice_leading_from_json(to_json(*one)), *one);
    VoiceLeading sum = *one;
    sum += *one;
    EXPECT_EQ(sum.chords, 4);
    EXPECT_EQ(count(sum, VoiceFault::kParallelFifths), 4);
}

}  // namespace
}  // namespace symphony::evaluate
