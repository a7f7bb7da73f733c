#include "symphony/training/variant_source.h"

#include "symphony/base/error.h"
#include "symphony/corpus/prepare.h"
#include "symphony/io/midi_writer.h"
#include "symphony/score/transform.h"
#include "symphony/training/batches.h"
#include "symphony/training/training_data.h"

#include "corpus/made_scores.h"
#include "temporary_folder.h"
#include "tokens/grammar_walk.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace symphony::training {
namespace {

namespace fs = std::filesystem;

struct Prepared {
    fs::path music;
    corpus::Dataset dataset;
};

Prepared prepared(const std::string& name, bool augment = true) {
    const fs::path music = test_support::fresh_folder(name);
    for (std::uint64_t i = 0; i < 40; ++i) {
        score::Score piece = corpus::made_piece(i);
        for (auto& part : piece.parts)
            for (auto& note : part.notes)
                note.velocity = static_cast<std::uint8_t>(50 + note.onset.value / 480 % 4 * 15);
        piece.tempos = {{score::Ticks(0), 60.0 + 5 * static_cast<double>(i % 12)}};
        io::write_midi_file(music / (std::string(1, static_cast<char>('a' + i % 26)) +
                                     std::string(i / 26 + 1, 'x') + ".mid"),
                            piece);
    }
    const fs::path data = test_support::fresh_folder(name + "-data") / "data";
    corpus::PrepareOptions options;
    options.augment = augment;
    corpus::prepare(music, data, options, 1, 2, base::silent_progress());
    return {music, corpus::Dataset::open(data)};
}

corpus::VariantOptions all_kinds() {
    corpus::VariantOptions options;
    options.augment = {"all"};
    return options;
}

TrainingData data_of(const Prepared& p, const VariantSource& source) {
    TrainingData data = training_data(p.dataset, true, false);
    data.variant = [&](std::uint64_t epoch, std::size_t piece) { return source.ids(epoch, piece); };
    return data;
}

bool same(const Batch& a, const Batch& b) {
    return a.inputs_BT == b.inputs_BT && a.targets_BT == b.targets_BT && a.reset_BT == b.reset_BT;
}

TEST(VariantSource, ADrawIsAFunctionOfEpochAndPiece) {
    const Prepared p = prepared("variants");
    const VariantSource one(p.dataset, all_kinds(), 5, 1), four(p.dataset, all_kinds(), 5, 4);
    const VariantSource other(p.dataset, all_kinds(), 6, 1);
    ASSERT_EQ(one.pieces(), p.dataset.pieces_of(corpus::Split::kTrain).size());
    const auto tokenizer = tokens::tokenizer_from_json(p.dataset.tokenizer_json());
    std::size_t differ = 0, draws = 0;
    std::set<Ids> of_first;
    for (std::uint64_t epoch = 0; epoch < 5; ++epoch)
        for (std::size_t piece = 0; piece < one.pieces(); ++piece) {
            const Ids ids = one.ids(epoch, piece);
            EXPECT_EQ(ids, four.ids(epoch, piece));
            ++draws;
            differ += ids != other.ids(epoch, piece);
            if (piece == 0) of_first.insert(ids);
            // Inside the vocabulary, and legal to its end.
            ASSERT_LT(*std::max_element(ids.begin(), ids.end()), p.dataset.vocabulary_size());
            EXPECT_EQ(ids.back(), tokenizer->end_token());
            const std::vector<tokens::TokenId> sequence(ids.begin(), ids.end());
            EXPECT_TRUE(tests::grammar_takes(*tokenizer, sequence));
        }
    EXPECT_GT(differ, draws * 9 / 10);
    EXPECT_EQ(of_first.size(), 5u);
}

TEST(VariantSource, NothingAskedForIsThePieceAsWritten) {
    const Prepared p = prepared("as-written");
    corpus::VariantOptions dropout;
    dropout.augment = {"dropout"};
    dropout.part_dropout = 0;
    const VariantSource source(p.dataset, dropout, 1, 2);
    const TrainingData data = training_data(p.dataset, true, false);
    for (std::size_t piece = 0; piece < source.pieces(); ++piece) {
        const auto& written = data.train[piece].versions.front();
        EXPECT_EQ(source.ids(3, piece), Ids(written.begin(), written.end()));
    }
}

TEST(VariantSource, KeysAreThosePreparedOrThoseOfTheRanges) {
    for (const bool augment : {true, false}) {
        const Prepared p = prepared(augment ? "keys" : "ranges", augment);
        corpus::VariantOptions transpose;
        transpose.augment = {"transpose"};
        const VariantSource source(p.dataset, transpose, 1, 2);
        const TrainingData data = training_data(p.dataset, true, false);
        std::set<Ids> seen;
        for (std::size_t piece = 0; piece < source.pieces(); ++piece)
            for (std::uint64_t epoch = 0; epoch < 6; ++epoch) {
                const Ids ids = source.ids(epoch, piece);
                seen.insert(ids);
                if (!augment) continue;
                bool prepared_key = false;
                for (const auto& version : data.train[piece].versions)
                    prepared_key = prepared_key || Ids(version.begin(), version.end()) == ids;
                EXPECT_TRUE(prepared_key);
            }
        EXPECT_GT(seen.size(), 2 * source.pieces());
    }
}

TEST(VariantSource, ASoughtBatchIsTheOneReadThrough) {
    const Prepared p = prepared("resume");
    const VariantSource source(p.dataset, all_kinds(), 3, 2);
    const TrainingData data = data_of(p, source);
    BatchStream straight(data, 3, 4, 64, true), again(data, 3, 4, 64, true);
    std::vector<Batch> batches;
    for (int n = 0; n < 60; ++n) batches.push_back(straight.next());
    EXPECT_GT(straight.epoch(), 1);
    for (const int position : {40, 7, 59}) {
        again.seek(position);
        EXPECT_TRUE(same(again.next(), batches[static_cast<std::size_t>(position)])) << position;
    }
    EXPECT_DOUBLE_EQ(again.epoch(), straight.epoch());
}

TEST(VariantSource, MusicThatIsNoLongerThatOfTheDataSetIsAnError) {
    const Prepared p = prepared("changed");
    const fs::path victim =
        p.dataset
            .pieces()[static_cast<std::size_t>(p.dataset.pieces_of(corpus::Split::kTrain).front())]
            .path;
    const VariantSource source(p.dataset, all_kinds(), 1, 2);
    io::write_midi_file(victim, corpus::made_piece(77));
    EXPECT_THROW(source.ids(0, 0), base::Error);
    EXPECT_THROW(VariantSource(p.dataset, all_kinds(), 1, 2), base::Error);
    fs::remove(victim);
    EXPECT_THROW(VariantSource(p.dataset, all_kinds(), 1, 2), base::Error);
    const TrainingData data = data_of(p, source);
    BatchStream stream(data, 1, 4, 256, true);
    EXPECT_THROW(for (int n = 0; n < 50; ++n) stream.next(), base::Error);
}

}  // namespace
}  // namespace symphony::training
