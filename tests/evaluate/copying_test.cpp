#include "symphony/evaluate/copy_figures.h"

#include <gtest/gtest.h>

namespace symphony::evaluate {
namespace {

// Two bars of 4/4 in quarters of one rising line.
corpus::NoteLines eight_quarters() {
    score::Score score;
    score.ticks_per_quarter = 1;
    score.parts.emplace_back();
    for (int i = 0; i < 8; ++i)
        score.parts[0].notes.push_back({.onset = score::Ticks(i),
                                        .duration = score::Ticks(1),
                                        .pitch = static_cast<std::uint8_t>(60 + i)});
    return corpus::note_lines_of(score);
}

TEST(CopyFigures, AreThoseCountedByHand) {
    const corpus::NoteLines piece = eight_quarters();
    ASSERT_EQ(piece.bars.size(), 3U);
    // Notes 0 to 2 and 3 to 6 match; the last one alone.
    const std::vector<std::vector<std::uint32_t>> longest = {{3, 2, 1, 4, 3, 2, 1, 1}};
    const CopyFigures all = copy_figures(piece, longest, {0, 2}, 3);
    EXPECT_EQ(all.notes, 8U);
    EXPECT_EQ(all.longest, (corpus::CopyMatch{0, 3, 4}));
    EXPECT_DOUBLE_EQ(all.longest_bars, 0.75);  // from the fourth quarter to the seventh
    EXPECT_EQ(all.matched_notes, 7U);
    EXPECT_DOUBLE_EQ(all.share(), 7.0 / 8);
    // Only the second match counts.
    EXPECT_EQ(copy_figures(piece, longest, {0, 2}, 4).matched_notes, 4U);
    // In the first bar the second match is cut to its first note, and in the second bar to three.
    const CopyFigures first = copy_figures(piece, longest, {0, 1}, 3);
    EXPECT_EQ(first.longest, (corpus::CopyMatch{0, 0, 3}));
    EXPECT_EQ(first.matched_notes, 3U);
    EXPECT_EQ(first.notes, 4U);
    EXPECT_EQ(copy_figures(piece, longest, {1, 2}, 3).longest, (corpus::CopyMatch{0, 4, 3}));
    EXPECT_EQ(copy_figures(piece, longest, {1, 2}, 4).longest_bars, 0);
    const BarRange bars = bars_between(piece, score::Ticks(3), score::Ticks(6));
    EXPECT_EQ(bars.first, 0U);
    EXPECT_EQ(bars.last, 2U);
}

}  // namespace
}  // namespace symphony::evaluate
