// The Trainee contract: it learns, it resumes bit-exactly, it refuses what does not fit.
#include "symphony/training/torch/torch_trainee.h"

#include "symphony/base/error.h"
#include "symphony/models/model_folder.h"
#include "symphony/training/torch/blas.h"

#include "temporary_folder.h"
#include "training/torch/made_batches.h"
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

namespace symphony::training {
namespace {

constexpr int kVocabulary = 30;

const std::string kModels[] = {"lstm", "transformer"};

std::vector<double> losses(Trainee& trainee, int from, int to) {
    std::vector<double> all;
    for (int step = from; step < to; ++step) {
        const Batch batch[] = {random_batch(kVocabulary, std::uint64_t(step))};
        const StepResult result = trainee.step(batch, step, 1e-2);
        all.push_back(result.loss);
        all.push_back(result.gradient_norm);
    }
    return all;
}

TEST(TorchTrainee, FirstLossIsTheLogOfTheVocabulary) {
    for (const std::string& model : kModels) {
        TrainOptions options = small_options(model);
        options.hidden_size = options.embedding_size = 128;
        const auto trainee = make_torch_trainee(options, 300, 0);
        const Batch batch[] = {random_batch(300, 1, 8, 64)};
        const StepResult result = trainee->step(batch, 0, 0.0);
        EXPECT_NEAR(result.loss / std::log(300.0), 1.0, 0.02) << model;
        EXPECT_GT(result.gradient_norm, 0.0);
    }
}

TEST(TorchTrainee, OverfitsOneBatch) {
    for (const std::string& model : kModels) {
        const auto trainee = make_torch_trainee(small_options(model), kVocabulary, 0);
        Batch batch = random_batch(kVocabulary, 1, 2, 20);
        for (std::size_t i = 0; i < 40; ++i) batch.reset_BT[i] = i % 20 == 0;
        StepResult result;
        for (int step = 0; step < 250; ++step) result = trainee->step({&batch, 1}, step, 1e-2);
        EXPECT_LT(result.loss, 0.02) << model;
    }
}

TEST(TorchTrainee, AccumulatedBatchesMakeOneStep) {
    for (const std::string& model : kModels) {
        const auto together = make_torch_trainee(small_options(model), kVocabulary, 0);
        const auto apart = make_torch_trainee(small_options(model), kVocabulary, 0);
        Batch first = random_batch(kVocabulary, 1), second = random_batch(kVocabulary, 2);
        for (Batch* batch : {&first, &second}) {  // no state is carried from one to the other
            for (std::size_t i = 0; i < 60; i += 20) batch->reset_BT[i] = 1;
        }
        Batch both{6, 20, first.inputs_BT, first.targets_BT, first.reset_BT};
        both.inputs_BT.insert(both.inputs_BT.end(), second.inputs_BT.begin(),
                              second.inputs_BT.end());
        both.targets_BT.insert(both.targets_BT.end(), second.targets_BT.begin(),
                               second.targets_BT.end());
        both.reset_BT.insert(both.reset_BT.end(), second.reset_BT.begin(), second.reset_BT.end());
        const Batch parts[] = {first, second};
        const StepResult a = together->step({&both, 1}, 0, 1e-2), b = apart->step(parts, 0, 1e-2);
        EXPECT_EQ(a.tokens, b.tokens);
        EXPECT_NEAR(a.loss, b.loss, 1e-5);
        EXPECT_NEAR(a.gradient_norm, b.gradient_norm, 1e-4 * a.gradient_norm);
    }
}

TEST(TorchTrainee, GoesOnBitExactlyFromItsState) {
    const test_support::TemporaryFolder folder;
    for (const std::string& model : kModels) {
        TrainOptions options = small_options(model);
        options.dropout = 0.2;
        for (const int saved_at : {0, 5}) {
            const auto unbroken = make_torch_trainee(options, kVocabulary, 0);
            losses(*unbroken, 0, saved_at);
            unbroken->save_state(folder.path);
            const auto expected = losses(*unbroken, saved_at, 10);

            const auto resumed = make_torch_trainee(options, kVocabulary, 0);
            resumed->load_state(folder.path);
            EXPECT_EQ(losses(*resumed, saved_at, 10), expected) << model;
            EXPECT_NE(losses(*resumed, saved_at, 10), expected) << model;
        }
    }
}

TEST(TorchTrainee, EvaluatingDisturbsNothing) {
    const std::vector<std::vector<int>> sequences = {{1, 2, 3, 4, 0}, {5, 6, 0}};
    for (const std::string& model : kModels) {
        const auto a = make_torch_trainee(small_options(model), kVocabulary, 0);
        const auto b = make_torch_trainee(small_options(model), kVocabulary, 0);
        losses(*a, 0, 3);
        losses(*b, 0, 3);
        const SplitResult first = a->evaluate(sequences), second = a->evaluate(sequences);
        EXPECT_EQ(first.loss, second.loss);
        EXPECT_EQ(first.tokens, 8);
        EXPECT_EQ(losses(*a, 3, 6), losses(*b, 3, 6)) << model;
    }
}

TEST(TorchTrainee, EvaluationIsTheModelsOwnScore) {
    const std::vector<std::vector<int>> sequences = {{1, 2, 3, 4, 0}, {5, 6, 0}};
    for (const std::string& model : kModels) {
        const auto trainee = make_torch_trainee(small_options(model), kVocabulary, 0);
        losses(*trainee, 0, 3);
        const auto snapshot = trainee->snapshot();
        double sum = 0;
        for (const auto& ids : sequences) {
            snapshot->for_each_logits(ids, [&](std::size_t t, std::span<const float> logits_V) {
                double total = 0;
                for (const float logit : logits_V) total += std::exp(double(logit));
                sum += std::log(total) - double(logits_V[std::size_t(ids[t])]);
            });
        }
        EXPECT_NEAR(trainee->evaluate(sequences).loss, sum / 8, 1e-4) << model;
    }
}

TEST(TorchTrainee, SavedModelsOpenAndTune) {
    const test_support::TemporaryFolder folder;
    for (const std::string& model : kModels) {
        const auto trainee = make_torch_trainee(small_options(model), kVocabulary, 3);
        losses(*trainee, 0, 3);
        trainee->save_model(folder.path);
        base::write_json_file(folder.path / "tokenizer.json", base::Json::object());
        const auto loaded = models::load_model(folder.path);
        EXPECT_EQ(loaded.model->family(), model);
        EXPECT_EQ(loaded.model->start_token(), 3);
        EXPECT_EQ(loaded.model->parameter_count(), trainee->parameter_count());
        const auto snapshot = trainee->snapshot();
        const auto a = snapshot->next(4), b = loaded.model->next(4);
        EXPECT_EQ(std::vector<float>(a.begin(), a.end()), std::vector<float>(b.begin(), b.end()));

        TrainOptions options = small_options(model);
        options.seed = 2;
        const auto tuned = make_torch_trainee(options, kVocabulary, 3);
        tuned->load_weights(folder.path);
        EXPECT_EQ(tuned->evaluate({{1, 2, 3}}).loss, trainee->evaluate({{1, 2, 3}}).loss);
        options.hidden_size = 32;
        const auto other = make_torch_trainee(options, kVocabulary, 3);
        EXPECT_THROW(other->load_weights(folder.path), base::Error);
    }
}

TEST(TorchTrainee, GradientFlowOfTheLstmReachesBackAndDisturbsNothing) {
    const auto watched = make_torch_trainee(small_options("lstm"), kVocabulary, 0);
    const auto left_alone = make_torch_trainee(small_options("lstm"), kVocabulary, 0);
    losses(*watched, 0, 2);
    losses(*left_alone, 0, 2);
    const auto flow = watched->gradient_flow({std::vector<int>(40, 1), std::vector<int>(9, 2)}, 16);
    ASSERT_EQ(flow.size(), 16u);
    EXPECT_GT(flow.front(), flow.back());
    EXPECT_GT(flow.back(), 0.0);
    EXPECT_EQ(losses(*watched, 2, 4), losses(*left_alone, 2, 4));
    const auto transformer = make_torch_trainee(small_options("transformer"), kVocabulary, 0);
    EXPECT_TRUE(transformer->gradient_flow({std::vector<int>(40, 1)}, 16).empty());
}

TEST(TorchTrainee, RefusesAStateThatIsDamagedOrAnothers) {
    const test_support::TemporaryFolder folder;
    const auto trainee = make_torch_trainee(small_options("lstm"), kVocabulary, 0);
    EXPECT_THROW(trainee->load_state(folder.path), base::Error);
    losses(*trainee, 0, 1);
    trainee->save_state(folder.path);
    const auto other = make_torch_trainee(small_options("lstm", 1), kVocabulary, 0);
    EXPECT_THROW(other->load_state(folder.path), base::Error);
    const auto file = folder.path / "trainee.safetensors";
    std::filesystem::resize_file(file, std::filesystem::file_size(file) - 4);
    EXPECT_THROW(trainee->load_state(folder.path), base::Error);
}

TEST(TorchTrainee, RunsOnTheOpenMpBlas) {
    const BlasInUse blas = blas_in_use();
    EXPECT_TRUE(blas.openmp) << blas.path;
}

}  // namespace
}  // namespace symphony::training
