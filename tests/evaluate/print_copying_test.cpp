#include "symphony/evaluate/print_copying.h"

#include "symphony/score/transform.h"

#include "corpus/planted_copy.h"
#include <gtest/gtest.h>

namespace symphony::evaluate {
namespace {

struct World {
    World() {
        for (std::uint64_t seed = 1; seed <= 30; ++seed)
            pieces.push_back(corpus::made_piece(seed, 64));
        tokenizer = tokens::learn_tokenizer(pieces, {});
        std::vector<corpus::CopySource> sources;
        for (std::size_t i = 0; i < pieces.size(); ++i)
            sources.push_back({"piece-" + std::to_string(i),
                               corpus::note_lines_of(corpus::as_held(*tokenizer, pieces[i]))});
        prints.emplace(sources, tokenizer->steps_per_quarter(), std::string(64, '0'));
    }
    PrintCopying judge(const score::Score& score) const {
        return judge_by_prints(*prints, *tokenizer, "take", score, 9);
    }
    std::vector<score::Score> pieces;
    std::unique_ptr<tokens::Tokenizer> tokenizer;
    std::optional<corpus::CopyPrints> prints;
};

TEST(PrintCopying, FindsAPlantedTransposedCopyWithItsSourceAndBars) {
    const World world;
    const corpus::Planted planted(5);
    const PrintCopying take = world.judge(planted.score);
    EXPECT_EQ(take.bars, 16U);
    EXPECT_EQ(take.notes, planted.score.note_count());
    EXPECT_GE(take.longest_notes + 6, planted.notes);
    EXPECT_LE(take.longest_notes, planted.notes + 3);
    ASSERT_TRUE(take.place);
    EXPECT_EQ(take.place->source, "piece-7");
    EXPECT_EQ(take.place->part, "Soprano");
    // Two bars later there than here; at most three notes of each end are not seen.
    EXPECT_EQ(take.place->source_bars.first, take.place->bars.first + 2);
    EXPECT_EQ(take.place->source_bars.last, take.place->bars.last + 2);
    EXPECT_LE(take.place->bars.first, 3U);
    EXPECT_GE(take.place->bars.last, 5U);
    const double share = static_cast<double>(planted.notes) / static_cast<double>(take.notes);
    EXPECT_GT(take.share, 0.5 * share);
    EXPECT_LT(take.share, 1.5 * share);
    const base::Json json = to_json(take);
    EXPECT_EQ(json["longest"]["source"], "piece-7");
    EXPECT_FALSE(json["longest"].contains("transposition"));
}

TEST(PrintCopying, TellsAWholeCopyFromNewMusic) {
    const World world;
    const PrintCopying copy = world.judge(score::transposed(world.pieces[4], -3).value());
    EXPECT_EQ(copy.place->source, "piece-4");
    EXPECT_GT(copy.share, 0.9);
    const PrintCopying fresh = world.judge(corpus::made_piece(500, 64));
    EXPECT_LT(fresh.longest_notes, 12U);
    EXPECT_LT(fresh.share, 0.1);
    score::Score drums = corpus::made_piece(3, 64);
    for (score::Part& part : drums.parts) part.is_drums = true;
    EXPECT_EQ(world.judge(drums).notes, 0U);
}

}  // namespace
}  // namespace symphony::evaluate
