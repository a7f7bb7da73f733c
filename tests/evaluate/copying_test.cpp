#include "symphony/corpus/dataset_builder.h"
#include "symphony/evaluate/copying_summary.h"
#include "symphony/evaluate/generated_report.h"
#include "symphony/score/transform.h"

#include "corpus/made_scores.h"
#include "temporary_folder.h"
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

// 24 pieces to learn from and 12 held out.
struct World {
    World() {
        std::vector<score::Score> pieces;
        for (std::uint64_t seed = 1; seed <= 36; ++seed)
            pieces.push_back(corpus::made_piece(seed, 64));
        tokenizer = tokens::learn_tokenizer(pieces, {});
        corpus::DatasetBuilder builder(folder.path / "data", tokenizer->to_json(),
                                       tokenizer->vocabulary().size(), tokenizer->end_token());
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            const auto split = i < 24   ? corpus::Split::kTrain
                               : i < 30 ? corpus::Split::kValid
                                        : corpus::Split::kTest;
            const std::string name = "piece-" + std::to_string(i + 1);
            const int piece = builder.add_piece({.id = name, .group = name, .split = split});
            builder.add_sequence(piece, 0, tokenizer->encode(pieces[i]).ids);
        }
        builder.write();
    }
    CopyingJudge judge() const {
        return {corpus::Dataset::open(folder.path / "data"), *tokenizer, 8, 1,
                base::silent_progress()};
    }
    test_support::TemporaryFolder folder;
    std::unique_ptr<tokens::Tokenizer> tokenizer;
};

const SenseCopying& of(const PieceCopying& piece, corpus::CopySense sense) {
    return piece.senses[static_cast<std::size_t>(sense)];
}

TEST(CopyingJudge, PutsACopyAboveAllHeldOutMusicAndNewMusicAmongIt) {
    const World world;
    CopyingJudge judge = world.judge();
    EXPECT_EQ(judge.index().pieces(), 24U);
    EXPECT_EQ(judge.held_out_pieces(), 12U);
    const score::Score copy = score::transposed(corpus::made_piece(5, 64), -2).value();
    const PieceCopying copied = judge.judge("copy", copy);
    EXPECT_EQ(copied.bars, 16U);
    EXPECT_EQ(copied.excerpts, 12U);
    EXPECT_EQ(copied.notes, copy.note_count());
    const SenseCopying& transposed = of(copied, corpus::CopySense::kTransposed);
    EXPECT_EQ(transposed.share.value, 1);
    EXPECT_EQ(transposed.longest_notes.percentile, 100);
    EXPECT_GT(transposed.longest_bars.value, 15);
    ASSERT_TRUE(transposed.place);
    EXPECT_EQ(transposed.place->source, "piece-5");
    EXPECT_EQ(transposed.place->transposition, -2);
    EXPECT_EQ(transposed.place->source_bars, (BarRange{0, 16}));
    EXPECT_EQ(transposed.place->bars, (BarRange{0, 16}));
    EXPECT_LT(of(copied, corpus::CopySense::kExact).share.value, 0.9);
    // Music made as the held-out pieces are stands among them.
    double sum = 0;
    constexpr int kFresh = 20;
    std::vector<PieceCopying> fresh{copied};
    for (int i = 0; i < kFresh; ++i) {
        fresh.push_back(
            judge.judge("fresh", corpus::made_piece(static_cast<std::uint64_t>(100 + i), 64)));
        sum += of(fresh.back(), corpus::CopySense::kTransposed).longest_notes.percentile;
    }
    EXPECT_GT(sum / kFresh, 30);
    EXPECT_LT(sum / kFresh, 70);
    const CopyingSummary summary = summary_of(fresh);
    EXPECT_EQ(summary.takes, kFresh + 1);
    EXPECT_EQ(summary.most_take, 1);
    EXPECT_EQ(summary.most.source, "piece-5");
    EXPECT_GE(summary.unusual, 1);
    EXPECT_LT(summary.longest_notes, summary.most_notes / 2.0);
    GeneratedReport report;
    report.copying = {summary};
    EXPECT_EQ(generated_report_from_json(to_json(report)), report);
}

TEST(CopyingJudge, DrumsAloneAreNoMusicToLookFor) {
    const World world;
    score::Score drums = corpus::made_piece(5);
    for (score::Part& part : drums.parts) part.is_drums = true;
    CopyingJudge judge = world.judge();
    const std::vector<PieceCopying> takes{judge.judge("drums", drums)};
    EXPECT_EQ(takes[0].notes, 0U);
    EXPECT_EQ(summary_of(takes), CopyingSummary{});
}

}  // namespace
}  // namespace symphony::evaluate
