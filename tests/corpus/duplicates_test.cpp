// Planted copies of made pieces are recognised, and nothing else. Real music: real_duplicates_test.
#include "corpus/made_scores.h"
#include "duplicate_recall.h"
#include <gtest/gtest.h>

namespace symphony::tools {
namespace {

TEST(Duplicates, PlantedCopiesOfMadePiecesAreRecognised) {
    std::vector<score::Score> pieces;
    for (std::uint64_t seed = 0; seed < 40; ++seed) pieces.push_back(corpus::made_piece(seed, 160));
    const auto rows = measure_duplicates(pieces, 2);
    ASSERT_EQ(rows.size(), kCopyKinds.size());
    for (const DuplicateRow& row : rows) {
        EXPECT_EQ(row.planted, 20u) << row.kind;
        EXPECT_GE(row.recall(), 0.95) << row.kind;
        EXPECT_EQ(row.false_links, 0u) << row.kind;
    }
}

}  // namespace
}  // namespace symphony::tools
