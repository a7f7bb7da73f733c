// The rows of `symphony bench quality`: training sets by hand, the run of a row on music of a few
// frames, and what is printed.
#include "symphony/base/error.h"
#include "symphony/bench/quality/row_run.h"
#include "symphony/training/rnn_trainee.h"

#include "temporary_folder.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace symphony::bench {
namespace {

using test_support::TemporaryFolder;

tokens::Frame keys(std::initializer_list<std::size_t> on) {
    tokens::Frame frame;
    for (const std::size_t key : on) frame.set(key);
    return frame;
}

std::vector<int> set_of(const TrainingSet& set, int id) {
    const auto keys = (*set.frames)[id];
    return {keys.begin(), keys.end()};
}

TEST(TrainingSets, FramesAreNumberedAndHaveNoEnd) {
    tokens::FrameSet music;
    music.train = {{keys({3, 7}), keys({}), keys({3, 7})}};
    music.valid = {{keys({8})}};
    const auto set = frame_training_set(music, "hash", /*transpose=*/false);
    ASSERT_EQ(set->data.train.size(), 1U);
    ASSERT_EQ(set->data.train[0].versions.size(), 1U);
    const auto ids = set->data.train[0].versions[0];
    ASSERT_EQ(ids.size(), 3U);
    EXPECT_EQ(set_of(*set, ids[0]), (std::vector<int>{3, 7}));
    EXPECT_EQ(ids[0], ids[2]);
    EXPECT_EQ(set_of(*set, ids[1]), std::vector<int>{});
    EXPECT_NE(ids[1], set->data.end_token) << "silence is no beginning";
    ASSERT_EQ(set->data.valid[0].size(), 1U);
    EXPECT_EQ(set_of(*set, set->data.valid[0][0]), std::vector<int>{8});
}

TEST(TrainingSets, FramesAreTransposedAsFarAsThePianoGoes) {
    tokens::FrameSet music;
    music.train = {{keys({3, 86})}};
    music.valid = music.train;
    const auto set = frame_training_set(music, "hash", /*transpose=*/true);
    const auto& versions = set->data.train[0].versions;
    std::vector<int> lowest;
    for (const auto& ids : versions) lowest.push_back(set_of(*set, ids[0])[0]);
    EXPECT_EQ(lowest, (std::vector<int>{3, 0, 1, 2, 4})) << "as written first; key 87 is the last";
}

ChoralePiece piece(int soprano, int bass) {
    return {{soprano, 67, 60, bass}, {soprano, 67, tokens::kSilentVoice, bass}};
}

TEST(TrainingSets, ChoralesAreTransposedInsideTheVoicesOfTrain) {
    ChoraleSet music;
    music.train = {piece(72, 48), {{70, 65, 58, 46}}, {{75, 70, 63, 51}}};
    music.valid = {piece(72, 48)};
    const auto set = chorale_training_set(music, "hash", /*transpose=*/true);
    // The soprano of train goes from 70 to 75, the others likewise: two down, three up.
    EXPECT_EQ(set->data.train[0].versions.size(), 6U);
    const auto ids = set->data.train[0].versions[0];
    EXPECT_EQ(ids.size(), 8U) << "two steps of four voices, no end";
    EXPECT_EQ(ids[6], 0) << "a rest";
    EXPECT_EQ(set->data.end_token, set->data.vocabulary_size - 1);
    EXPECT_TRUE(std::equal(ids.begin(), ids.end(), set->data.valid[0].begin()));
    EXPECT_EQ(chorale_training_set(music, "hash", false)->data.train[0].versions.size(), 1U);
}

TEST(QualityRows, AreChosenByName) {
    EXPECT_EQ(chosen_rows("").size(), quality_rows().size());
    const auto chosen = chosen_rows("chorale16,jsb-rnn");
    ASSERT_EQ(chosen.size(), 2U);
    EXPECT_EQ(chosen[0].name, "chorale16");
    for (const char* list : {"jsb", "jsb-rnn,", "jsb-rnn,no"}) {
        try {
            chosen_rows(list);
            FAIL() << list;
        } catch (const base::Error& error) {
            EXPECT_EQ(error.kind, base::ErrorKind::kUsage);
        }
    }
}

TEST(QualityRows, AFigureIsComparedAsItsPaperCounts) {
    RowResult result{.row = {.name = "x",
                             .set = QualitySet::kJsbFrames,
                             .published = {{8.0, "A", "paper"}, {8.0, "B", "paper", true, true}}},
                     .valid = {1, 2}};
    EXPECT_FALSE(result.ours(result.row.published[0])) << "test was not looked at";
    EXPECT_EQ(result.to_text().find("reached"), std::string::npos);
    result.test = {7.9, 8.1};
    EXPECT_EQ(result.ours(result.row.published[0]), 7.9);
    EXPECT_EQ(result.ours(result.row.published[1]), 8.1);
    EXPECT_NE(result.to_text().find("A, paper, test: ours 7.900, reached"), std::string::npos);
    EXPECT_NE(result.to_text().find("B, paper (recalled), test without first frames: ours 8.100, "
                                    "not reached"),
              std::string::npos);
    result.row.on_valid = true;
    EXPECT_EQ(result.ours(result.row.published[0]), 1);
    result.stop_reason = "max-minutes";
    EXPECT_NE(result.to_text().find("STOPPED EARLY"), std::string::npos);
}

struct RowRun : ::testing::Test {
    QualityRow row{.name = "tiny", .set = QualitySet::kJsbFrames, .published = {}};
    PublishedSets sets;
    training::TrainOptions options;
    TemporaryFolder folder;
    std::unique_ptr<base::Progress> progress = base::make_progress(base::ProgressStyle::kNone);

    RowRun() {
        // A piece goes up key by key from a beginning of its own.
        for (std::size_t p = 0; p < 6; ++p) {
            std::vector<tokens::Frame> frames;
            for (std::size_t t = 0; t < 12; ++t) frames.push_back(keys({(p * 3 + t) % 20}));
            sets.jsb_frames.train.push_back(frames);
            if (p < 3) sets.jsb_frames.valid.push_back({frames.begin() + 2, frames.end()});
            if (p < 3) sets.jsb_frames.test.push_back({frames.begin() + 4, frames.end()});
        }
        sets.hash = "tiny";
        options.model = "rnn";
        options.hidden_size = 16;
        options.embedding_size = 8;
        options.batch_size = 3;
        options.sequence_length = 6;
        options.learning_rate = 1e-2;
        options.dropout = 0;
        options.transpose = false;
        options.max_steps = 60;
        training::fill_defaults(options);
    }
    RowResult run(bool look_at_test) {
        const auto set = training_set_of(row, sets, options);
        training::RnnTrainee trainee(options, set->frames);
        return run_quality_row(row, trainee, *set, options, folder.path / "run", look_at_test,
                               *progress);
    }
};

TEST_F(RowRun, MeasuresTheWeightsThatValidChoseAndIsNotRunAgain) {
    const RowResult before = run(/*look_at_test=*/false);
    EXPECT_FALSE(before.test);
    EXPECT_EQ(before.steps, 60);
    EXPECT_LT(before.valid.all, 88 * std::log(2.0) / 4) << "it learnt";
    const auto written = std::filesystem::last_write_time(folder.path / "run" / "result.json");
    const RowResult again = run(/*look_at_test=*/true);
    EXPECT_EQ(std::filesystem::last_write_time(folder.path / "run" / "result.json"), written);
    EXPECT_EQ(again.valid.all, before.valid.all);
    EXPECT_EQ(again.stop_reason, before.stop_reason);
    ASSERT_TRUE(again.test);
    // The same sums from each frame's cost, without the loop.
    const auto set = training_set_of(row, sets, options);
    training::RnnTrainee trainee(options, set->frames);
    trainee.load_weights(folder.path / "run" / "model");
    double all = 0, first = 0;
    for (const auto& ids : set->data.test) {
        all += 8 * trainee.evaluate({ids}).loss;
        first += trainee.evaluate({{ids[0]}}).loss;
    }
    EXPECT_NEAR(again.test->all, all / 24, 1e-5);
    EXPECT_NEAR(again.test->after_first, (all - first) / 21, 1e-5);
}

TEST_F(RowRun, ARowStoppedByTheClockGoesOnWithMoreTime) {
    options.max_minutes = 1e-9;
    const RowResult stopped = run(false);
    EXPECT_EQ(stopped.stop_reason, "max-minutes");
    EXPECT_LT(stopped.steps, 60);
    options.max_minutes = 0;
    EXPECT_EQ(run(false).steps, 60);
}

}  // namespace
}  // namespace symphony::bench
