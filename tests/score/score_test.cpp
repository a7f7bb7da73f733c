#include "symphony/score/score.h"

#include "symphony/score/beat.h"
#include "symphony/score/time_map.h"

#include <gtest/gtest.h>

namespace symphony::score {
namespace {

template <class A, class B>
concept Addable = requires(A a, B b) {
    a + b;
};
static_assert(Addable<Ticks, Ticks>);
static_assert(!Addable<Ticks, Seconds>, "clocks must not mix");

Score with_note_until(std::int64_t end_ticks) {
    Score score;
    score.parts.push_back({});
    score.parts[0].notes.push_back({Ticks(0), Ticks(end_ticks), 60, 64});
    return score;
}

std::vector<std::int64_t> lengths(const std::vector<Bar>& bars) {
    std::vector<std::int64_t> result;
    for (const Bar& bar : bars) result.push_back(bar.length.value);
    return result;
}

TEST(Score, TheBeatIsTheMetresOwn) {
    EXPECT_EQ(beat_length({4, 4}, 480), Ticks(480));
    EXPECT_EQ(beat_length({2, 2}, 480), Ticks(960));
    EXPECT_EQ(beat_length({3, 8}, 480), Ticks(240)) << "three beats, not one of three eighths";
    EXPECT_EQ(beat_length({6, 8}, 480), Ticks(720));
    EXPECT_EQ(beat_length({9, 16}, 480), Ticks(360));
    EXPECT_EQ(beat_length({6, 4}, 480), Ticks(480));
    EXPECT_EQ(beat_length({1, 128}, 1), Ticks(1)) << "never nothing";
}

TEST(Key, TonicsAndNames) {
    EXPECT_EQ((Key{0, false}.tonic_pitch_class()), 0);
    EXPECT_EQ((Key{1, false}.tonic_pitch_class()), 7);
    EXPECT_EQ((Key{-3, true}.tonic_pitch_class()), 0);
    EXPECT_EQ((Key{-3, true}.name()), "C minor");
    EXPECT_EQ((Key{6, false}.name()), "F# major");
}

TEST(BarsOf, WithoutAnythingGivenIsFourFour) {
    EXPECT_EQ(lengths(bars_of(with_note_until(480 * 5))), (std::vector<std::int64_t>{1920, 1920}));
    EXPECT_TRUE(bars_of(Score{}).empty());
}

TEST(BarsOf, FollowsMeterChangesAndCutsTheBarBeforeAnEarlyOne) {
    Score score = with_note_until(480 * 9);
    score.meters = {{Ticks(0), {3, 4}}, {Ticks(480 * 5), {2, 4}}};
    EXPECT_EQ(lengths(bars_of(score)), (std::vector<std::int64_t>{1440, 960, 960, 960}));
}

TEST(BarsOf, AMeterChangePastTheEndAddsNoBars) {
    Score score = with_note_until(480 * 4);
    score.meters = {{Ticks(0), {4, 4}}, {Ticks(480 * 400), {2, 4}}};
    EXPECT_EQ(lengths(bars_of(score)), (std::vector<std::int64_t>{1920}));
}

TEST(BarsOf, KeepsGivenBarsAndContinuesThem) {
    Score score = with_note_until(480 * 6);
    score.bars = {{Ticks(0), Ticks(480), {4, 4}}};  // an upbeat
    EXPECT_EQ(lengths(bars_of(score)), (std::vector<std::int64_t>{480, 1920, 1920}));
}

TEST(TimeMap, GoesThereAndBackAcrossTempoChanges) {
    Score score = with_note_until(480 * 8);
    score.tempos = {{Ticks(0), 60}, {Ticks(480 * 4), 120}};
    const TimeMap map(score);
    EXPECT_DOUBLE_EQ(map.seconds(Ticks(480 * 4)).value, 4.0);
    EXPECT_DOUBLE_EQ(map.seconds(Ticks(480 * 6)).value, 5.0);
    EXPECT_EQ(map.ticks(Seconds(5.0)).value, 480 * 6);
    EXPECT_DOUBLE_EQ(duration_of(score).value, 6.0);
}

}  // namespace
}  // namespace symphony::score
