#include "symphony/generate/rule.h"

#include "generate/count_model.h"
#include <gtest/gtest.h>

namespace symphony::generate {
namespace {

using testing::small_chorale;

score::Score chorale() { return small_chorale(3, {4, 4}, {0, false}, 0); }

TEST(Ending, AHeldLastChordIsAnEnd) { EXPECT_TRUE(ends_properly(chorale())); }

TEST(Ending, PartsMustReleaseTogether) {
    auto score = chorale();
    score.parts[2].notes.back().duration.value /= 2;
    EXPECT_FALSE(ends_properly(score));
    EXPECT_TRUE(ends_properly(with_held_last_chord(score)));
}

TEST(Ending, TheLastChordLastsAtLeastABeat) {
    auto score = chorale();
    for (auto& part : score.parts) part.notes.back().duration = score::Ticks(12);
    EXPECT_FALSE(ends_properly(score)) << "half a beat";
    for (auto& part : score.parts) part.notes.back().duration = score::Ticks(24);
    EXPECT_TRUE(ends_properly(score));
    score.meters[0].meter = {6, 8};
    EXPECT_FALSE(ends_properly(score)) << "in 6/8 a beat is a dotted quarter";
}

TEST(Ending, APartThatFellSilentBeforeDoesNotCount) {
    auto score = small_chorale(6, {4, 4}, {0, false}, 0);
    score.parts[1].notes.resize(4);  // one bar of six
    EXPECT_TRUE(ends_properly(score));
    EXPECT_FALSE(ends_properly(score::Score{}));
}

TEST(Ending, HoldingKeepsTheBarsAndLeavesOutOnlyTheLastBeat) {
    auto score = chorale();
    score.parts[0].notes.back().duration = score::Ticks(6);
    score::Note late = score.parts[0].notes.back();  // a sixteenth at the very end
    late.onset = late.onset + score::Ticks(90);
    score.parts[0].notes.push_back(late);
    const auto held = with_held_last_chord(score);
    EXPECT_TRUE(ends_properly(held));
    EXPECT_EQ(score::bars_of(held).size(), 3u);
    EXPECT_EQ(held.parts[0].notes.size() + 1, score.parts[0].notes.size());
    for (std::size_t p = 0; p < 4; ++p)
        for (std::size_t n = 0; n < held.parts[p].notes.size(); ++n) {
            EXPECT_EQ(held.parts[p].notes[n].onset, score.parts[p].notes[n].onset);
            EXPECT_EQ(held.parts[p].notes[n].pitch, score.parts[p].notes[n].pitch);
        }
}

}  // namespace
}  // namespace symphony::generate
