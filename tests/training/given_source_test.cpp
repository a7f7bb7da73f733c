#include "symphony/training/given_source.h"

#include "symphony/corpus/prepare.h"
#include "symphony/io/midi_writer.h"
#include "symphony/tokens/stream_tokenizer.h"
#include "symphony/training/batches.h"

#include "corpus/made_scores.h"
#include "temporary_folder.h"
#include "tokens/grammar_walk.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace symphony::training {
namespace {

namespace fs = std::filesystem;

using Ids = std::vector<std::uint16_t>;

corpus::Dataset prepared(const std::string& name, bool given) {
    const fs::path music = test_support::fresh_folder(name);
    for (std::uint64_t i = 0; i < 40; ++i)
        io::write_midi_file(music / (std::to_string(i) + "x.mid"), corpus::made_piece(i, 64));
    const fs::path data = test_support::fresh_folder(name + "-data") / "data";
    corpus::PrepareOptions options;
    options.stream.given = given;
    corpus::prepare(music, data, options, 1, 2, base::silent_progress());
    return corpus::Dataset::open(data);
}

std::vector<tokens::TokenId> wide(const Ids& ids) { return {ids.begin(), ids.end()}; }

TEST(GivenSource, TellsNotesAheadOfTheSameMusic) {
    const corpus::Dataset dataset = prepared("given", true);
    const TrainingData data = training_data(dataset, true, false);
    ASSERT_TRUE(can_be_given(data.tokenizer_json));
    const tokens::StreamTokenizer tokenizer(
        tokens::layout_values_from_json(data.tokenizer_json, "tokenizer.json"));
    const VariantFunction stored = stored_versions(data, 3);
    const GivenSource always(data.tokenizer_json, stored, 1, 3);
    const GivenSource again(data.tokenizer_json, stored, 1, 3);
    const GivenSource half(data.tokenizer_json, stored, 0.5, 3);
    int told = 0, plain = 0, readings = 0;
    std::set<Ids> of_first;
    for (std::uint64_t epoch = 0; epoch < 4; ++epoch)
        for (std::size_t piece = 0; piece < data.train.size(); ++piece, ++readings) {
            const Ids ids = always.ids(epoch, piece), as_stored = stored(epoch, piece);
            EXPECT_EQ(ids, again.ids(epoch, piece));
            EXPECT_TRUE(tests::grammar_takes(tokenizer, wide(ids)));
            EXPECT_EQ(tokenizer.encode(tokenizer.decode(wide(ids))).ids, wide(as_stored));
            told += ids != as_stored;
            plain += half.ids(epoch, piece) == as_stored;
            if (piece == 0) of_first.insert(ids);
        }
    EXPECT_GT(told, readings * 8 / 10);
    EXPECT_GT(plain, readings * 4 / 10);
    EXPECT_LT(plain, readings * 7 / 10);
    EXPECT_EQ(of_first.size(), 4u);
}

// Gaps in all parts, gaps in some, given parts and free stretches all occur.
TEST(GivenSource, DrawsEveryKindOfTask) {
    const corpus::Dataset dataset = prepared("given-kinds", true);
    const TrainingData data = training_data(dataset, false, false);
    const tokens::StreamTokenizer tokenizer(
        tokens::layout_values_from_json(data.tokenizer_json, "tokenizer.json"));
    int free = 0, some = 0, all = 0, gaps = 0;
    for (std::size_t i = 0; i < 60; ++i) {
        base::Rng rng(1, "kinds", i);
        const tokens::GridPiece piece =
            tokenizer.read(wide(stored_versions(data, 1)(i, i % data.train.size())));
        const tokens::GivenCells given = draw_given(rng, piece);
        ASSERT_EQ(given.cells.size(), piece.bars.size());
        bool before = false;
        for (const auto& bar : given.cells) {
            const auto count = std::count(bar.begin(), bar.end(), true);
            free += count == 0;
            some += count > 0 && count < 4;
            all += count == 4;
            gaps += count == 4 && before;
            before = count == 0;
        }
    }
    for (const int kind : {free, some, all, gaps}) EXPECT_GT(kind, 20);
}

TEST(GivenSource, BatchesAreTheSameHoweverTrainingGotThere) {
    const corpus::Dataset dataset = prepared("given-batches", true);
    TrainingData data = training_data(dataset, true, false);
    const GivenSource source(data.tokenizer_json, stored_versions(data, 9), 0.5, 9);
    data.variant = [&](std::uint64_t epoch, std::size_t piece) { return source.ids(epoch, piece); };
    BatchStream walked(data, 9, 3, 64, false), sought(data, 9, 3, 64, false);
    for (int i = 0; i < 40; ++i) walked.next();
    sought.seek(40);
    const Batch a = walked.next(), b = sought.next();
    EXPECT_EQ(a.inputs_BT, b.inputs_BT);
    EXPECT_EQ(a.targets_BT, b.targets_BT);
}

TEST(GivenSource, OnlyWhereTheTokensCanSaySo) {
    EXPECT_FALSE(can_be_given(prepared("not-given", false).tokenizer_json()));
}

}  // namespace
}  // namespace symphony::training
