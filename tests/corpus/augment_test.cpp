#include "symphony/corpus/augment.h"

#include "corpus/made_scores.h"
#include <gtest/gtest.h>

namespace symphony::corpus {
namespace {

score::Score two_parts(std::vector<std::uint8_t> violin, std::vector<std::uint8_t> cello) {
    score::Score score;
    score.parts.resize(2);
    score.parts[0].name = "Violin";
    score.parts[1].name = "Cello";
    for (const std::uint8_t pitch : violin)
        score.parts[0].notes.push_back({score::Ticks(0), score::Ticks(480), pitch});
    for (const std::uint8_t pitch : cello)
        score.parts[1].notes.push_back({score::Ticks(0), score::Ticks(480), pitch});
    return score;
}

TEST(PartRanges, EachPartStaysInTheRangeOfItsKind) {
    std::vector<score::Score> scores(6, two_parts({60, 80}, {40, 60}));
    scores.push_back(two_parts({64, 76}, {41, 59}));
    std::vector<const score::Score*> pointers;
    for (const auto& score : scores) pointers.push_back(&score);
    const PartRanges ranges(pointers);
    EXPECT_EQ(ranges.transpositions(scores[0]), std::vector<int>{0});
    // The violin could go from -4 to +4, the cello only from -1 to +1.
    EXPECT_EQ(ranges.transpositions(scores[6]), (std::vector<int>{-1, 0, 1}));
    EXPECT_EQ(ranges.transpositions(two_parts({70}, {50})),
              (std::vector<int>{-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6}));
    // Outside the range already: it stays as it is.
    EXPECT_EQ(ranges.transpositions(two_parts({100}, {50})), std::vector<int>{0});
}

TEST(PartRanges, PartsWithoutASharedNameGoByRoleAndProgram) {
    std::vector<score::Score> scores{two_parts({60, 70}, {40}), two_parts({62, 64}, {40})};
    scores[0].parts[0].name = "Geige";
    scores[1].parts[0].name = "Fiddle";
    const std::vector<const score::Score*> pointers{&scores[0], &scores[1]};
    for (auto& score : scores) score.parts[1].notes.clear();
    const PartRanges ranges(pointers);
    EXPECT_EQ(ranges.transpositions(scores[1]), (std::vector<int>{-2, -1, 0, 1, 2, 3, 4, 5, 6}));
    scores[1].parts[0].program = 40;  // never seen
    EXPECT_EQ(ranges.transpositions(scores[1]), std::vector<int>{0});
}

TEST(PartRanges, DrumsAreNeitherMovedNorInTheWay) {
    score::Score score = two_parts({60}, {40});
    score.parts[1].is_drums = true;
    const std::vector<const score::Score*> pointers{&score};
    EXPECT_EQ(PartRanges(pointers).transpositions(score), std::vector<int>{0});
    score.parts[0].notes.push_back({score::Ticks(480), score::Ticks(480), 62});
    const PartRanges wider(pointers);
    score.parts[0].notes.pop_back();
    EXPECT_EQ(wider.transpositions(score), (std::vector<int>{0, 1, 2}));
    score.parts.erase(score.parts.begin());
    EXPECT_EQ(wider.transpositions(score), std::vector<int>{0});
}

}  // namespace
}  // namespace symphony::corpus
