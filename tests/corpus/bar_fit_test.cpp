#include "symphony/corpus/bar_fit.h"

#include "symphony/corpus/bar_repair.h"
#include "symphony/corpus/free_timing.h"
#include "symphony/io/midi_reader.h"
#include "symphony/io/midi_writer.h"
#include "symphony/score/time_map.h"

#include "corpus/made_scores.h"
#include <gtest/gtest.h>

#include <cmath>

namespace symphony::corpus {
namespace {

using score::Meter;
using score::Score;
using score::Ticks;

// A waltz: the bass on the first beat of each bar with a new harmony, chords on the others, a
// melody above. Its first `upbeat` quarters are the end of a bar; `written` is the metre of the
// file.
Score waltz(int upbeat, Meter written, bool marked = false) {
    constexpr int kRoots[4] = {48, 41, 43, 48}, kQuarters = 96;
    Score score;
    score.ticks_per_quarter = kMadeTicks;
    score.meters = {{Ticks(0), written}};
    score.parts.resize(2);
    base::Rng rng(3, "waltz");
    for (int q = 0; q < kQuarters; ++q) {
        const int place = ((q - upbeat) % 3 + 3) % 3, bar = (q - upbeat + 3) / 3;
        const int root = kRoots[bar % 4];
        const auto strike = [&](std::size_t part, int pitch, int quarters) {
            score.parts[part].notes.push_back(
                {Ticks(q * kMadeTicks), Ticks(quarters * kMadeTicks), std::uint8_t(pitch)});
        };
        if (place == 0) strike(1, root, 3);
        if (place != 0)
            for (const int third : {4, 7}) strike(1, root + 12 + third, 1);
        if (place != 1) strike(0, 72 + static_cast<int>(rng.below(7)), place == 0 ? 2 : 1);
    }
    score::sort_events(score);
    if (marked) {
        score.bars.push_back({Ticks(0), Ticks(upbeat * kMadeTicks), {3, 4}});
        for (int q = upbeat; q < kQuarters; q += 3)
            score.bars.push_back({Ticks(q * kMadeTicks), Ticks(3 * kMadeTicks), {3, 4}});
    }
    return score;
}

BarFit fit_of(const Score& score) { return bar_fit(score, score::bars_of(score)); }

TEST(BarFit, FindsAnUpbeatThatIsNotMarked) {
    EXPECT_TRUE(fit_of(waltz(0, {3, 4})).fits);
    EXPECT_TRUE(fit_of(waltz(1, {3, 4}, /*marked=*/true)).fits);
    EXPECT_TRUE(fit_of(Score{}).fits);
    for (const int upbeat : {1, 2}) {
        const BarFit fit = fit_of(waltz(upbeat, {3, 4}));
        EXPECT_FALSE(fit.fits);
        EXPECT_DOUBLE_EQ(fit.shift_quarters, upbeat);
        EXPECT_FALSE(fit.changes_meter);
        EXPECT_GT(fit.confidence, 0.8);
        EXPECT_LE(fit.confidence, 1);
    }
}

TEST(BarFit, FindsAMetreLeftAtItsDefault) {
    for (const int upbeat : {0, 1}) {
        const BarFit fit = fit_of(waltz(upbeat, {4, 4}));
        EXPECT_FALSE(fit.fits);
        EXPECT_TRUE(fit.changes_meter);
        EXPECT_EQ(fit.meter, (Meter{3, 4}));
        EXPECT_DOUBLE_EQ(fit.shift_quarters, upbeat);
        EXPECT_NE(fit.words().find("3/4"), std::string::npos);
    }
    Score without = waltz(0, {4, 4});
    without.meters.clear();  // 4/4 is then assumed
    EXPECT_TRUE(fit_of(without).changes_meter);
}

TEST(Accents, MeasureHowTheVoicesMove) {
    Score score;
    score.ticks_per_quarter = kMadeTicks;
    score.parts.resize(1);
    const auto strike = [&](int quarter, int quarters, int pitch) {
        score.parts[0].notes.push_back(
            {Ticks(quarter * kMadeTicks), Ticks(quarters * kMadeTicks), std::uint8_t(pitch)});
    };
    // G, the bass up a fourth to c, up a step to d, held under a new g'.
    strike(0, 1, 43), strike(1, 1, 48), strike(2, 2, 50);
    strike(0, 1, 64), strike(1, 1, 64), strike(2, 1, 60), strike(3, 1, 79);
    score::sort_events(score);
    const std::vector<AccentRow> at = accents_of(score, score::bars_of(score)).runs.at(0).at;
    const auto accent = [&](int quarter, Accent kind) {
        return at.at(static_cast<std::size_t>(2 * quarter)).at(static_cast<std::size_t>(kind));
    };
    const double fifths[4] = {0, 1, 0, 0}, repeated[4] = {0, 0.5, 0, 0}, leaps[4] = {0, 0, 4, 12};
    for (int quarter = 0; quarter < 4; ++quarter) {
        SCOPED_TRACE(quarter);
        EXPECT_DOUBLE_EQ(accent(quarter, Accent::kBassFifth), fifths[quarter]);
        EXPECT_DOUBLE_EQ(accent(quarter, Accent::kRepeated), repeated[quarter]);
        EXPECT_DOUBLE_EQ(accent(quarter, Accent::kTopLeap), leaps[quarter]);
    }
}

TEST(BarFit, IsCarefulWithWhatSaysLittle) {
    Score few = waltz(1, {3, 4});
    for (auto& part : few.parts)
        std::erase_if(part.notes, [](const auto& n) { return n.onset >= Ticks(18 * kMadeTicks); });
    EXPECT_TRUE(fit_of(few).fits);
    for (std::uint64_t seed = 0; seed < 20; ++seed)  // random walks: no bar line is better
        EXPECT_TRUE(fit_of(made_piece(seed, 64)).fits) << seed;
    Score even;  // nothing but equal notes
    even.ticks_per_quarter = kMadeTicks;
    even.parts.resize(1);
    for (int q = 0; q < 64; ++q)
        even.parts[0].notes.push_back({Ticks(q * kMadeTicks), Ticks(kMadeTicks), 60});
    EXPECT_TRUE(fit_of(even).fits);
}

TEST(BarFit, AHugePieceIsMeasuredInBoundedSpace) {
    Score huge;
    huge.ticks_per_quarter = 1;
    huge.parts.resize(1);
    for (int n = 0; n < 1000; ++n)
        huge.parts[0].notes.push_back({Ticks(n), Ticks(2'000'000'000), std::uint8_t(40 + n % 40)});
    const Accents accents =
        accents_of(huge, std::vector<score::Bar>(100'000, {Ticks(0), Ticks(4), Meter{4, 4}}));
    EXPECT_LE(accents.bars, 4096u);
}

TEST(MendBars, WritesTheUpbeatSoThatItReadsBack) {
    for (const Meter written : {Meter{3, 4}, Meter{4, 4}}) {
        Score score = waltz(2, written);
        ASSERT_EQ(timing_diagnostics(score).size(), 1u);
        EXPECT_EQ(timing_diagnostics(score).front().code, "COR010");
        const Score before = score;
        const auto done = mend_bars(score);
        ASSERT_TRUE(done.has_value());
        EXPECT_EQ(done->code, "COR012");
        EXPECT_EQ(score.parts, before.parts);  // no note moves
        EXPECT_TRUE(timing_diagnostics(score).empty());
        const auto read = io::parse_midi(io::format_midi(score).value(), "mended.mid", {});
        const std::vector<score::Bar> bars = score::bars_of(read.value().score);
        EXPECT_EQ(bars[0].length, Ticks(2 * kMadeTicks));
        EXPECT_EQ(bars[1].length, Ticks(3 * kMadeTicks));
        EXPECT_EQ(bars[1].meter, (Meter{3, 4}));
        EXPECT_FALSE(mend_bars(score).has_value());
    }
}

TEST(MendBars, LeavesWhatItDoesNotKnow) {
    Score right = waltz(0, {3, 4});
    const Score before = right;
    EXPECT_FALSE(mend_bars(right).has_value());
    EXPECT_EQ(right, before);
    Score changing = waltz(1, {3, 4});
    changing.meters.push_back({Ticks(60 * kMadeTicks), {4, 4}});
    EXPECT_FALSE(fit_of(changing).fits);
    EXPECT_FALSE(mend_bars(changing).has_value());
}

// Played by hand: the beat drifts and each note is a little off.
Score played(Score score) {
    base::Rng rng(5, "played");
    for (auto& part : score.parts)
        for (auto& note : part.notes) {
            const double q = static_cast<double>(note.onset.value) / kMadeTicks;
            note.onset = Ticks(static_cast<std::int64_t>(note.onset.value + 90 * std::sin(q / 7) +
                                                         97 + double(rng.below(60))));
        }
    score::sort_events(score);
    return score;
}

TEST(FreeTiming, IsNamedAndNotBarred) {
    const Score score = played(waltz(1, {3, 4}));
    EXPECT_LT(on_grid_share(score), kFollowsBeats);
    const auto found = timing_diagnostics(score);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found.front().code, "COR011");
    Score same = score;
    EXPECT_FALSE(mend_bars(same).has_value());
    EXPECT_EQ(on_grid_share(waltz(1, {3, 4})), 1);
    EXPECT_EQ(on_grid_share(Score{}), 1);
}

TEST(FreeTiming, TheClockKeepsRealTimeWhateverTheTempo) {
    Score score = played(waltz(0, {3, 4}));
    score.tempos = {{Ticks(0), 90}, {Ticks(20 * kMadeTicks), 41.7}, {Ticks(60 * kMadeTicks), 200}};
    score.parts[0].controls.push_back({Ticks(30 * kMadeTicks), 64, 127});
    const Score clock = on_a_clock(score);
    EXPECT_TRUE(clock.meters.empty());
    EXPECT_TRUE(clock.bars.empty());
    const score::TimeMap before(score), after(clock);
    for (std::size_t p = 0; p < score.parts.size(); ++p) {
        ASSERT_EQ(clock.parts[p].notes.size(), score.parts[p].notes.size());
        for (std::size_t n = 0; n < score.parts[p].notes.size(); ++n) {
            EXPECT_NEAR(after.seconds(clock.parts[p].notes[n].onset).value,
                        before.seconds(score.parts[p].notes[n].onset).value, 0.0006);
            EXPECT_NEAR(after.seconds(clock.parts[p].notes[n].end()).value,
                        before.seconds(score.parts[p].notes[n].end()).value, 0.0011);
        }
    }
    EXPECT_NEAR(after.seconds(clock.parts[0].controls[0].onset).value,
                before.seconds(Ticks(30 * kMadeTicks)).value, 0.0006);
}

}  // namespace
}  // namespace symphony::corpus
