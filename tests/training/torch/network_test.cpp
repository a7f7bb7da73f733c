// The networks: kernels beside plain ATen, gradients, causality, and parity with the torch-free
// models.
#include "symphony/training/torch/network.h"

#include "symphony/nn/bf16.h"
#include "symphony/training/torch/functions.h"

#include "training/torch/loss_and_gradients.h"
#include "training/torch/made_batches.h"
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace symphony::training::torch_net {
namespace {

constexpr int kVocabulary = 30;

struct Case {
    std::string name;
    TrainOptions options;
};

std::vector<Case> cases() {
    std::vector<Case> all;
    for (const std::string model : {"lstm", "transformer"}) {
        for (const int layers : {1, 3}) {
            for (const bool tied : {true, false}) {
                TrainOptions options = small_options(model, layers);
                options.tied = tied;
                if (layers == 3) options.embedding_size = options.hidden_size;  // no projection
                all.push_back(
                    {model + " " + std::to_string(layers) + (tied ? " tied" : ""), options});
            }
        }
    }
    return all;
}

std::unique_ptr<Network> make(const TrainOptions& options) {
    auto network = options.model == "lstm" ? make_lstm(options, kVocabulary, 0)
                                           : make_transformer(options, kVocabulary, 0);
    // Larger than at the start of training, so that every part of the network matters.
    for (const Parameter& p : network->parameters()) p.value.detach().mul_(3.0);
    return network;
}

TEST(Network, KernelsGiveWhatPlainAtenGives) {
    for (const Case& c : cases()) {
        const auto fast = make(c.options), plain = make(c.options);
        for (const double dropout : {0.0, 0.3}) {
            for (std::uint64_t seed = 1; seed <= 2;
                 ++seed) {  // the second starts from carried state
                const Batch batch = random_batch(kVocabulary, seed);
                const auto a = loss_and_gradients(*fast, batch, dropout);
                const auto b = [&] {
                    const ops::PlainOps reference;
                    return loss_and_gradients(*plain, batch, dropout);
                }();
                for (std::size_t i = 0; i < a.size(); ++i) {
                    const double scale = 1e-6 + b[i].abs().max().item<double>();
                    EXPECT_LT((a[i] - b[i]).abs().max().item<double>() / scale, 1e-4)
                        << c.name << ": " << (i == 0 ? "loss" : fast->parameters()[i - 1].name);
                    EXPECT_GT(scale, 2e-6) << c.name << ": a gradient that is always zero";
                }
            }
        }
    }
}

// bf16 keeps 8 bits of each factor: the loss is nearly the same, gradients point nearly the same
// way.
TEST(Network, Bf16ProductsStayCloseToPlainAten) {
    if (!nn::has_native_bf16()) GTEST_SKIP() << "this CPU has no native bf16";
    for (Case c : cases()) {
        const auto plain = make(c.options);
        c.options.precision = "bf16";
        const auto fast = make(c.options);
        const Batch batch = random_batch(kVocabulary, 1);
        const auto a = loss_and_gradients(*fast, batch, 0.3);
        const auto b = [&] {
            const ops::PlainOps reference;
            return loss_and_gradients(*plain, batch, 0.3);
        }();
        const double loss = b[0].item<double>();
        EXPECT_NEAR(a[0].item<double>(), loss, 0.01 * loss) << c.name;
        for (std::size_t i = 1; i < a.size(); ++i) {
            const double cosine = at::dot(a[i].flatten(), b[i].flatten()).item<double>() /
                                  (a[i].norm().item<double>() * b[i].norm().item<double>());
            EXPECT_GT(cosine, 0.995) << c.name << ": " << fast->parameters()[i - 1].name;
            EXPECT_FALSE(at::equal(a[i], b[i])) << c.name << ": float32 after all";
        }
    }
}

TEST(Network, TorchFreeLogitsAreWithin1e4) {
    for (const Case& c : cases()) {
        const auto network = make(c.options);
        // One lane from the start of a sequence; the loss of each single target gives its log p.
        Batch batch = random_batch(kVocabulary, 3, 1, 20);
        std::fill(batch.reset_BT.begin(), batch.reset_BT.end(), std::uint8_t{0});
        batch.reset_BT[0] = 1;
        batch.inputs_BT[0] = 0;  // the start token
        std::vector<int> ids(batch.inputs_BT.begin() + 1, batch.inputs_BT.end());
        ids.push_back(7);
        batch.targets_BT.assign(20, -1);
        const auto model = network->model();
        model->for_each_logits(ids, [&](std::size_t t, std::span<const float> logits_V) {
            if (t % 5 != 4) return;
            double sum = 0;
            for (const float logit : logits_V) sum += std::exp(double(logit));
            batch.targets_BT.assign(20, -1);
            for (int target = 0; target < kVocabulary; ++target) {
                batch.targets_BT[t] = target;
                const ops::PlainOps reference;
                base::Rng keys(5, "dropout");
                const double expected = network->loss(batch, 1.0, 0.0, keys).item<double>();
                EXPECT_NEAR(std::log(sum) - double(logits_V[std::size_t(target)]), expected, 1e-4)
                    << c.name << " t " << t << " target " << target;
            }
        });
    }
}

TEST(Network, NothingLeaksFromTheFutureOrAcrossAStart) {
    for (const Case& c : cases()) {
        const auto network = make(c.options);
        Batch batch = random_batch(kVocabulary, 4, 1, 20);
        std::fill(batch.reset_BT.begin(), batch.reset_BT.end(), std::uint8_t{0});
        batch.reset_BT[0] = batch.reset_BT[12] = 1;
        const auto loss_at = [&](std::size_t t, std::size_t changed) {
            Batch other = batch;
            if (changed < 20)
                other.inputs_BT[changed] = (other.inputs_BT[changed] + 1) % kVocabulary;
            other.targets_BT.assign(20, -1);
            other.targets_BT[t] = 5;
            base::Rng keys(5, "dropout");
            return network->loss(other, 1.0, 0.0, keys).item<float>();
        };
        EXPECT_EQ(loss_at(8, 20), loss_at(8, 9)) << c.name;     // the future
        EXPECT_NE(loss_at(8, 20), loss_at(8, 3)) << c.name;     // the past
        EXPECT_EQ(loss_at(15, 20), loss_at(15, 11)) << c.name;  // the piece before
        EXPECT_NE(loss_at(15, 20), loss_at(15, 12)) << c.name;  // this piece
    }
}

TEST(Network, WeightsComeBackUnderTheirSavedNames) {
    for (const Case& c : cases()) {
        const auto from = make(c.options);
        TrainOptions other = c.options;
        other.seed = 99;
        const auto to = make(other);
        const Batch batch = random_batch(kVocabulary, 5);
        const auto expected = loss_and_gradients(*from, batch, 0.0);
        EXPECT_NE(expected[0].item<float>(),
                  loss_and_gradients(*make(other), batch, 0.0)[0].item<float>());
        to->set_weights(from->weights());
        EXPECT_EQ(expected[0].item<float>(), loss_and_gradients(*to, batch, 0.0)[0].item<float>());
    }
}

}  // namespace
}  // namespace symphony::training::torch_net
