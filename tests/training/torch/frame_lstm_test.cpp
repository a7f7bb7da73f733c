// The LSTM on frames: kernels beside plain ATen, its loss beside one summed by hand, gradients by
// finite differences, and learning.
#include "symphony/training/batches.h"
#include "symphony/training/torch/network.h"
#include "symphony/training/torch/torch_trainee.h"

#include "temporary_folder.h"
#include "training/torch/made_batches.h"
#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>

namespace symphony::training::torch_net {
namespace {

// Ten sets of twelve keys, number 0 the beginning.
std::shared_ptr<models::KeySets> ten_sets() {
    auto sets = std::make_shared<models::KeySets>(12);
    for (int i = 0; sets->size() < 10; ++i) sets->add({i % 7, 7 + i % 5});
    return sets;
}

std::vector<at::Tensor> loss_and_gradients(AnyNetwork& network, const Batch& batch,
                                           double dropout) {
    base::Rng keys(5, "dropout");
    for (const Parameter& p : network.parameters()) {
        at::Tensor value = p.value;
        value.mutable_grad() = at::Tensor();
    }
    const at::Tensor loss = network.loss(batch, 1.0, dropout, keys);
    torch::autograd::backward({loss}, {});
    std::vector<at::Tensor> all = {loss.detach().clone()};
    for (const Parameter& p : network.parameters()) all.push_back(p.value.grad().clone());
    return all;
}

TEST(FrameLstm, KernelsGiveWhatPlainAtenGives) {
    const auto sets = ten_sets();
    const TrainOptions options = small_options("lstm");
    for (const double dropout : {0.0, 0.3}) {
        const auto fast = make_frame_lstm(options, sets), plain = make_frame_lstm(options, sets);
        for (std::uint64_t seed = 1; seed <= 2; ++seed) {  // the second starts from carried state
            const Batch batch = random_batch(10, seed);
            const auto a = loss_and_gradients(*fast, batch, dropout);
            const auto b = [&] {
                const ops::PlainOps reference;
                return loss_and_gradients(*plain, batch, dropout);
            }();
            for (std::size_t i = 0; i < a.size(); ++i) {
                const double scale = b[i].abs().max().item<double>();
                EXPECT_GT(scale, 1e-6) << "a gradient that is always zero";
                EXPECT_LT((a[i] - b[i]).abs().max().item<double>() / scale, 1e-4)
                    << (i == 0 ? "loss" : fast->parameters()[i - 1].name);
            }
        }
    }
}

TEST(FrameLstm, GradientAgreesWithFiniteDifferences) {
    const auto network = make_frame_lstm(small_options("lstm", 1), ten_sets());
    const Batch batch = random_batch(10, 3, 2, 6);
    const auto loss = [&] {
        base::Rng keys(5, "dropout");
        network->prepare_state(1);  // another number of lanes: the state of before is forgotten
        return network->loss(batch, 1.0, 0.2, keys).item<double>();
    };
    network->prepare_state(1);
    const auto analytic = loss_and_gradients(*network, batch, 0.2);
    for (std::size_t i = 0; i < network->parameters().size(); ++i) {
        const Parameter& p = network->parameters()[i];
        // Along the gradient itself: one large difference, so that float32 tells it well.
        const at::Tensor direction = analytic[i + 1] / analytic[i + 1].norm();
        constexpr double kStep = 3e-3;
        p.value.detach().add_(direction, kStep);
        const double up = loss();
        p.value.detach().sub_(direction, 2 * kStep);
        const double down = loss();
        p.value.detach().add_(direction, kStep);
        const double slope = analytic[i + 1].norm().item<double>();
        EXPECT_NEAR((up - down) / (2 * kStep), slope, 0.01 * slope + 5e-3) << p.name;
    }
}

// Keys without weights: every key has probability 1/2, whatever is read.
TEST(FrameLstm, KnowingNothingCostsLn2AKey) {
    const auto network = make_frame_lstm(small_options("lstm"), ten_sets());
    for (const Parameter& p : network->parameters()) p.value.detach().zero_();
    Batch batch = random_batch(10, 1);
    std::int64_t predicted = 0;
    for (const int target : batch.targets_BT) predicted += target >= 0;
    base::Rng keys(5, "dropout");
    EXPECT_NEAR(network->loss(batch, 1.0, 0, keys).item<double>(),
                12 * std::log(2.0) * static_cast<double>(predicted), 1e-2);
    const SplitResult result = network->evaluate({{1, 2, 3}, {4}});
    EXPECT_EQ(result.tokens, 4);
    EXPECT_NEAR(result.loss, 12 * std::log(2.0), 1e-6);
}

// Sequences of several lengths, each counting up from somewhere.
std::vector<std::vector<int>> counting() {
    std::vector<std::vector<int>> sequences;
    for (int s = 0; s < 5; ++s) {
        std::vector<int>& ids = sequences.emplace_back();
        for (int t = 0; t < 70 + 9 * s; ++t) ids.push_back(1 + (s + t) % 9);
    }
    return sequences;
}

TEST(FrameLstm, EvaluationIsTheLossOfWholeSequencesAndLeavesTheStateAlone) {
    const auto network = make_frame_lstm(small_options("lstm"), ten_sets());
    double nats = 0, frames = 0;
    for (const auto& ids : counting()) {
        const int time = static_cast<int>(ids.size());
        Batch batch{1, time, {models::KeySets::kBeginning}, ids, {1}};
        batch.inputs_BT.insert(batch.inputs_BT.end(), ids.begin(), ids.end() - 1);
        batch.reset_BT.resize(ids.size());
        base::Rng keys(5, "dropout");
        nats += network->loss(batch, 1.0, 0, keys).item<double>();
        frames += time;
    }
    const at::Tensor before = network->carried_state().front().value.clone();
    const SplitResult result = network->evaluate(counting());
    EXPECT_EQ(result.tokens, static_cast<std::int64_t>(frames));
    EXPECT_NEAR(result.loss, nats / frames, 1e-5);
    EXPECT_TRUE(at::equal(before, network->carried_state().front().value));
}

TEST(FrameLstm, LearnsWhatFollowsWhatAndGoesOnFromItsState) {
    TrainOptions options = small_options("lstm", 1);
    const auto sets = ten_sets();
    const auto trainee = make_torch_frame_trainee(options, sets);
    EXPECT_EQ(trainee->snapshot(), nullptr);
    const auto sequences = counting();
    const double before = trainee->evaluate(sequences).loss;
    for (int step = 0; step < 150; ++step) {
        Batch batch{3, 20, {}, {}, {}};
        for (std::size_t lane = 0; lane < 3; ++lane)
            for (std::size_t t = 0; t < 20; ++t) {
                batch.inputs_BT.push_back(t == 0 ? 0 : sequences[lane][t - 1]);
                batch.targets_BT.push_back(sequences[lane][t]);
                batch.reset_BT.push_back(t == 0);
            }
        trainee->step(std::vector{batch}, step, 1e-2);
    }
    const SplitResult after = trainee->evaluate(sequences);
    EXPECT_LT(after.loss, 0.1 * before);
    EXPECT_GT(after.accuracy, 0.9);
    const test_support::TemporaryFolder folder;
    trainee->save_state(folder.path);
    const auto other = make_torch_frame_trainee(options, sets);
    other->load_state(folder.path);
    EXPECT_EQ(other->evaluate(sequences).loss, after.loss);
    trainee->save_model(folder.path);
    const auto third = make_torch_frame_trainee(options, sets);
    third->load_weights(folder.path);
    EXPECT_EQ(third->evaluate(sequences).loss, after.loss);
}

}  // namespace
}  // namespace symphony::training::torch_net
