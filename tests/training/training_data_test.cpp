// What training makes of a data set.
#include "symphony/training/training_data.h"

#include "symphony/corpus/dataset_builder.h"
#include "symphony/training/batches.h"

#include "temporary_folder.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace symphony::training {
namespace {

score::Score scale_at(double tempo) {
    score::Score score;
    score.ticks_per_quarter = 12;
    score.tempos = {{score::Ticks(0), tempo}};
    score::Part part;
    for (int n = 0; n < 8; ++n) {
        score::Note note;
        note.onset = score::Ticks(12 * n);
        note.duration = score::Ticks(12);
        note.pitch = static_cast<std::uint8_t>(60 + n);
        part.notes.push_back(note);
    }
    score.parts.push_back(part);
    return score;
}

struct TwoTempos : testing::Test {
    const std::vector<score::Score> scores{scale_at(60), scale_at(120)};
    const std::unique_ptr<tokens::Tokenizer> tokenizer = tokens::learn_tokenizer(scores, {});
    symphony::test_support::TemporaryFolder root;

    corpus::Dataset dataset() {
        corpus::DatasetBuilder builder(root.path / "data", tokenizer->to_json(),
                                       tokenizer->vocabulary().size(), tokenizer->end_token());
        for (const auto split : {corpus::Split::kTrain, corpus::Split::kValid})
            for (const score::Score& score : scores) {
                const int piece =
                    builder.add_piece({.id = "p" + std::to_string(builder.pieces().size()),
                                       .group = "g" + std::to_string(builder.pieces().size()),
                                       .split = split,
                                       .notes = 8});
                builder.add_sequence(piece, 0, tokenizer->encode(score).ids);
            }
        builder.write();
        return corpus::Dataset::open(root.path / "data");
    }
    // The tempo ids that a few epochs of batches show.
    std::set<int> shown(const TrainingData& data) const {
        const std::set<int> ladder(data.tempo_ladder.begin(), data.tempo_ladder.end());
        std::set<int> ids;
        BatchStream stream(data, 1, 4, 16, true);
        for (int n = 0; n < 100; ++n)
            for (const int id : stream.next().targets_BT)
                if (ladder.contains(id)) ids.insert(id);
        return ids;
    }
};

TEST_F(TwoTempos, AShiftIsAClassAndNotTheOtherTempoOfTheCorpus) {
    const corpus::Dataset set = dataset();
    const TrainingData data = training_data(set, true, /*vary_tempo=*/true);
    std::set<int> expected;
    const double twelfth = std::exp2(1 / 12.0);
    for (const double tempo : {60.0, 120.0})
        for (const double shifted : {tempo / twelfth, tempo, tempo * twelfth})
            expected.insert(tokenizer->tempo_token(shifted));
    ASSERT_EQ(expected.size(), 6u);
    EXPECT_EQ(shown(data), expected);
    // What is shown may be composed with, what is not may not.
    for (const int id : data.tempo_ladder)
        EXPECT_EQ(std::binary_search(data.unseen.begin(), data.unseen.end(), id),
                  !expected.contains(id))
            << tokenizer->vocabulary().name(id);
}

TEST_F(TwoTempos, WithoutVariationOnlyTheTemposOfTheMusicAreSeen) {
    const corpus::Dataset set = dataset();
    const TrainingData data = training_data(set, true, /*vary_tempo=*/false);
    EXPECT_TRUE(data.tempo_ladder.empty());
    const auto is_unseen = [&](double tempo) {
        return std::binary_search(data.unseen.begin(), data.unseen.end(),
                                  tokenizer->tempo_token(tempo));
    };
    EXPECT_FALSE(is_unseen(60));
    EXPECT_FALSE(is_unseen(120));
    EXPECT_TRUE(is_unseen(64));
    EXPECT_TRUE(is_unseen(90));
}

}  // namespace
}  // namespace symphony::training
