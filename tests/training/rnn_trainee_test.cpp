// The hand-written RNN in training.
#include "symphony/training/rnn_trainee.h"

#include "symphony/base/error.h"
#include "symphony/training/batches.h"

#include "temporary_folder.h"
#include "toy_data.h"
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace symphony::training {
namespace {

using test_support::TemporaryFolder;

struct RnnTraineeTest : ::testing::Test {
    ToyData toy;
    TrainOptions options;
    RnnTraineeTest() {
        options.model = "rnn";
        options.hidden_size = 32;
        options.embedding_size = 12;
        options.batch_size = 4;
        options.sequence_length = 8;
        options.dropout = 0.1;
        fill_defaults(options);
    }
    RnnTrainee make() const { return RnnTrainee(options, 13, 0); }
    std::vector<Batch> batches(int count) const {
        BatchStream stream(toy.data, 1, options.batch_size, options.sequence_length, false);
        std::vector<Batch> list;
        for (int i = 0; i < count; ++i) list.push_back(stream.next());
        return list;
    }
};

TEST_F(RnnTraineeTest, OneBatchIsLearntByHeart) {
    options.dropout = 0;
    options.weight_decay = 0;
    RnnTrainee trainee = make();
    std::vector<Batch> one = batches(1);
    // Each lane begins with a token of its own: what is to be learnt is certain.
    for (std::size_t lane = 0; lane < 4; ++lane) {
        one[0].reset_BT[lane * 8] = 1;
        one[0].inputs_BT[lane * 8] = static_cast<int>(lane);
    }
    StepResult result;
    for (int step = 0; step < 400; ++step) result = trainee.step(one, step, 0.01);
    EXPECT_LT(result.loss, 0.02);
}

TEST_F(RnnTraineeTest, LearnsWhatHeldOutPiecesShare) {
    RnnTrainee trainee = make();
    const double before = trainee.evaluate(toy.data.valid).loss;
    BatchStream stream(toy.data, 1, options.batch_size, options.sequence_length, false);
    for (int step = 0; step < 400; ++step) trainee.step(std::vector{stream.next()}, step, 5e-3);
    const SplitResult after = trainee.evaluate(toy.data.valid);
    EXPECT_NEAR(before, std::log(13), 0.1);
    EXPECT_LT(after.loss, 0.8);
    EXPECT_GT(after.accuracy, 0.7);
}

TEST_F(RnnTraineeTest, AccumulatedHalvesGiveTheGradientOfTheWhole) {
    options.dropout = 0;
    const std::vector<Batch> two = batches(2);
    RnnTrainee together = make();
    const StepResult both = together.step(two, 0, 0);
    // The mean over both is the mean of each, since they hold equally many tokens.
    RnnTrainee apart = make();
    const double first = apart.step(std::span(two).first(1), 0, 0).loss;
    const double second = apart.step(std::span(two).last(1), 1, 0).loss;
    EXPECT_NEAR(both.loss, (first + second) / 2, 1e-6);
}

TEST_F(RnnTraineeTest, ClippingBoundsTheGradientAndReportsItsLength) {
    std::vector<float> gradient{3, 4};
    EXPECT_NEAR(clip_by_norm(gradient, 1), 5, 1e-6);
    EXPECT_NEAR(gradient[0], 0.6, 1e-6);
    EXPECT_NEAR(clip_by_norm(gradient, 0), 1, 1e-6);
}

TEST_F(RnnTraineeTest, AdamMovesByTheRateAtFirstAndDecaysMatricesOnly) {
    std::vector<float> weights{1, 1};
    AdamWState state(2);
    adamw_step(weights, std::vector<float>{5, -0.1f}, std::vector<std::uint8_t>{1, 0}, state,
               {.weight_decay = 0.1}, 0.01, 0);
    EXPECT_NEAR(weights[0], 1 - 0.01 - 0.001, 1e-6);
    EXPECT_NEAR(weights[1], 1 + 0.01, 1e-6);
}

TEST_F(RnnTraineeTest, EvaluationPredictsEveryTokenOnceWhateverTheLanes) {
    std::vector<std::vector<int>> sequences;
    for (int n = 0; n < 70; ++n) {
        auto& ids = sequences.emplace_back(toy.data.valid[static_cast<std::size_t>(n % 3)]);
        ids.erase(ids.begin(), ids.begin() + n % 5);
    }
    RnnTrainee trainee = make();
    const SplitResult at_once = trainee.evaluate(sequences);
    double nats = 0;
    std::int64_t tokens = 0;
    for (const auto& ids : sequences) {
        const SplitResult one = trainee.evaluate({ids});
        nats += one.loss * static_cast<double>(one.tokens);
        tokens += one.tokens;
    }
    EXPECT_EQ(at_once.tokens, tokens);
    EXPECT_NEAR(at_once.loss, nats / static_cast<double>(tokens), 1e-5);
}

TEST_F(RnnTraineeTest, EvaluationDisturbsNothing) {
    RnnTrainee with = make(), without = make();
    const std::vector<Batch> list = batches(6);
    for (std::size_t i = 0; i < list.size(); ++i) {
        const auto step = static_cast<std::int64_t>(i);
        if (i == 3) with.evaluate(toy.data.valid);
        EXPECT_EQ(with.step(std::span(list).subspan(i, 1), step, 1e-2).loss,
                  without.step(std::span(list).subspan(i, 1), step, 1e-2).loss);
    }
}

TEST_F(RnnTraineeTest, SavedStateGoesOnBitForBit) {
    TemporaryFolder folder;
    const std::vector<Batch> list = batches(8);
    RnnTrainee straight = make(), resumed = make();
    for (std::int64_t i = 0; i < 8; ++i) {
        if (i == 4) {
            straight.save_state(folder.path);
            resumed.load_state(folder.path);
        }
        const auto batch = std::span(list).subspan(static_cast<std::size_t>(i), 1);
        const StepResult a = straight.step(batch, i, 1e-2);
        if (i >= 4) {
            EXPECT_EQ(a.loss, resumed.step(batch, i, 1e-2).loss);
        }
    }
    const auto w = straight.network().weights();
    EXPECT_TRUE(std::equal(w.begin(), w.end(), resumed.network().weights().begin()));
}

TEST_F(RnnTraineeTest, TheSnapshotPredictsWhatEvaluationScored) {
    RnnTrainee trainee = make();
    const auto model = trainee.snapshot();
    double nats = 0;
    const auto& ids = toy.data.valid[0];
    model->for_each_logits(ids, [&](std::size_t t, std::span<const float> logits) {
        double sum = 0;
        for (float logit : logits) sum += std::exp(static_cast<double>(logit));
        nats += std::log(sum) - static_cast<double>(logits[static_cast<std::size_t>(ids[t])]);
    });
    EXPECT_NEAR(nats / static_cast<double>(ids.size()), trainee.evaluate({ids}).loss, 1e-5);
}

TEST_F(RnnTraineeTest, WeightsOfAnotherSizeAreRefused) {
    TemporaryFolder folder;
    make().save_model(folder.path);
    options.hidden_size = 24;
    RnnTrainee other = make();
    EXPECT_THROW(other.load_weights(folder.path), base::Error);
}

TEST_F(RnnTraineeTest, GradientFadesWithDistance) {
    RnnTrainee trainee = make();
    const std::vector<double> flow = trainee.gradient_flow(toy.data.valid, 8);
    ASSERT_EQ(flow.size(), 8u);
    EXPECT_GT(flow[0], flow[7]);
    EXPECT_GT(flow[7], 0);
}

}  // namespace
}  // namespace symphony::training
