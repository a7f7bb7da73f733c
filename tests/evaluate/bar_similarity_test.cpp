#include "symphony/evaluate/bar_similarity.h"

#include "symphony/evaluate/metrics/metrics.h"

#include "evaluate/music.h"
#include <gtest/gtest.h>

#include <cmath>

namespace symphony::evaluate {
namespace {

using testing::PlainNote;
using testing::score_of;

// Bars of two quarters and a rest: the first two alike, the third with one of the two notes.
score::Score three_bars() {
    return score_of({{{0, 1, 60}, {1, 1, 64}, {4, 1, 60}, {5, 1, 64}, {8, 1, 60}, {9, 1, 67}}});
}

TEST(BarSimilarity, IsThatCountedByHand) {
    const BarSimilarity found = bar_similarity(three_bars(), 10);
    // 1 with 2: both of two notes; 2 with 3, and 1 with 3: one of three.
    EXPECT_EQ(found.pairs, (std::vector<double>{2, 1}));
    ASSERT_EQ(found.sums.size(), 2U);
    EXPECT_DOUBLE_EQ(found.sums[0], 1 + 1.0 / 3);
    EXPECT_DOUBLE_EQ(found.sums[1], 1.0 / 3);
    EXPECT_DOUBLE_EQ(similarity_of_bars(three_bars()), 5.0 / 9);
    EXPECT_EQ(bar_similarity(three_bars(), 1).sums.size(), 1U);
    EXPECT_TRUE(std::isnan(similarity_of_bars(score_of({{{0, 1, 60}}}))));
}

TEST(BarSimilarity, NotesAreEqualInOnsetLengthAndPitch) {
    const auto with = [](PlainNote second) { return score_of({{{0, 1, 60}, second}}); };
    EXPECT_EQ(similarity_of_bars(with({4, 1, 60})), 1);
    EXPECT_EQ(similarity_of_bars(with({4, 2, 60})), 0);
    EXPECT_EQ(similarity_of_bars(with({4.5, 1, 60})), 0);
    EXPECT_EQ(similarity_of_bars(with({4, 1, 72})), 0);
    // Whoever plays them; drums are another matter. Two silent bars count for nothing.
    EXPECT_EQ(similarity_of_bars(score_of({{{0, 1, 60}}, {{4, 1, 60}}})), 1);
    score::Score drums = score_of({{{0, 1, 60}}, {{4, 1, 60}}});
    drums.parts[1].is_drums = true;
    EXPECT_EQ(similarity_of_bars(drums), 0);
    EXPECT_EQ(bar_similarity(score_of({{{0, 1, 60}, {12, 1, 60}}}), 1).pairs,
              std::vector<double>{2});
}

TEST(SimilarityError, IsTheMeanOfTheDifferencesAtEachDistance) {
    const score::Score same = score_of({{{0, 1, 60}, {4, 1, 60}, {8, 1, 60}}});
    const std::vector<score::Score> set{three_bars(), same}, reference{same, same};
    const SimilarityError found = similarity_error(set, reference);
    // At one bar (4/3 + 2) / 4 against 1, at two (1/3 + 1) / 2 against 1.
    ASSERT_EQ(found.set.size(), 2U);
    EXPECT_DOUBLE_EQ(found.set[0], 5.0 / 6);
    EXPECT_DOUBLE_EQ(found.set[1], 2.0 / 3);
    EXPECT_EQ(found.reference, (std::vector<double>{1, 1}));
    EXPECT_DOUBLE_EQ(found.error.mean, (1.0 / 6 + 1.0 / 3) / 2);
    EXPECT_DOUBLE_EQ(found.error.low, 0) << "only the repeating piece was drawn";
    EXPECT_DOUBLE_EQ(found.error.high, (1.0 / 3 + 2.0 / 3) / 2);
    EXPECT_EQ(similarity_error(reference, reference).error, Interval{});
    EXPECT_EQ(similarity_error_from_json(to_json(found)), found);
}

}  // namespace
}  // namespace symphony::evaluate
