// Tuning by an adapter: its operation beside plain ATen, its gradient beside that of the dense
// weights, the merged model beside base and adapter, and what stays as it was.
#include "symphony/base/error.h"
#include "symphony/models/adapter/adapter_folder.h"
#include "symphony/nn/bf16.h"
#include "symphony/training/torch/network.h"
#include "symphony/training/torch/torch_trainee.h"

#include "temporary_folder.h"
#include "training/torch/loss_and_gradients.h"
#include "training/torch/made_batches.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace symphony::training::torch_net {
namespace {

constexpr int kVocabulary = 30;

TrainOptions lora_options(const std::vector<std::string>& targets = {}, bool tied = true) {
    TrainOptions options = small_options("transformer");
    options.tied = tied;
    options.lora.rank = 3;
    options.lora.alpha = 5;
    if (!targets.empty()) options.lora.targets = targets;
    return options;
}

// Every way in which blocks of one product can have an adapter or none.
std::vector<TrainOptions> cases() {
    return {lora_options(), lora_options({}, false), lora_options({"q_proj", "v_proj"}),
            lora_options({"k_proj", "o_proj", "up_proj"}),
            lora_options({"v_proj", "gate_proj", "down_proj"})};
}

std::string spelled(const TrainOptions& options) {
    std::string text;
    for (const std::string& target : options.lora.targets) text += target + " ";
    return text;
}

// Of a full network that is large enough that every part of it matters.
models::Weights base_weights(TrainOptions options) {
    options.lora.rank.reset();
    const auto full = make_transformer(options, kVocabulary, 0);
    for (const Parameter& p : full->parameters()) p.value.detach().mul_(3.0);
    return full->weights();
}

// On that base, with factors that are not zero.
std::unique_ptr<Network> make(const TrainOptions& options) {
    auto network = make_transformer(options, kVocabulary, 0);
    network->set_weights(base_weights(options));
    for (const Parameter& p : network->parameters()) {
        base::Rng rng(7, p.name);
        const at::Tensor value = p.value.detach();
        for (std::int64_t i = 0; i < value.numel(); ++i)
            value.data_ptr<float>()[i] = static_cast<float>(0.1 * rng.normal());
    }
    return network;
}

TEST(Lora, KernelsGiveWhatPlainAtenGives) {
    for (const TrainOptions& options : cases()) {
        const auto fast = make(options), plain = make(options);
        for (const double dropout : {0.0, 0.3}) {
            const Batch batch = random_batch(kVocabulary, 1);
            const auto a = loss_and_gradients(*fast, batch, dropout);
            const ops::PlainOps reference;
            const auto b = loss_and_gradients(*plain, batch, dropout);
            for (std::size_t i = 0; i < a.size(); ++i) {
                const double scale = 1e-6 + b[i].abs().max().item<double>();
                EXPECT_LT((a[i] - b[i]).abs().max().item<double>() / scale, 1e-4)
                    << spelled(options) << (i == 0 ? "loss" : fast->parameters()[i - 1].name);
                EXPECT_GT(scale, 2e-6) << "a gradient that is always zero";
            }
        }
    }
}

TEST(Lora, Bf16ProductsStayCloseToPlainAten) {
    if (!nn::has_native_bf16()) GTEST_SKIP() << "this CPU has no native bf16";
    for (TrainOptions options : cases()) {
        const auto plain = make(options);
        options.precision = "bf16";
        const auto fast = make(options);
        const Batch batch = random_batch(kVocabulary, 1);
        const auto a = loss_and_gradients(*fast, batch, 0.3);
        const ops::PlainOps reference;
        const auto b = loss_and_gradients(*plain, batch, 0.3);
        EXPECT_NEAR(a[0].item<double>(), b[0].item<double>(), 0.01 * b[0].item<double>());
        for (std::size_t i = 1; i < a.size(); ++i) {
            const double cosine = at::dot(a[i].flatten(), b[i].flatten()).item<double>() /
                                  (a[i].norm().item<double>() * b[i].norm().item<double>());
            EXPECT_GT(cosine, 0.99) << spelled(options) << fast->parameters()[i - 1].name;
            EXPECT_FALSE(at::equal(a[i], b[i])) << "float32 after all";
        }
    }
}

// With W' = W + s B A: dL/dB = s dL/dW' A^T and dL/dA = s B^T dL/dW'.
TEST(Lora, ItsGradientIsThatOfTheMergedWeights) {
    TrainOptions full_options = lora_options();
    full_options.lora.rank.reset();
    const auto lora = make(lora_options());
    const auto full = make_transformer(full_options, kVocabulary, 0);
    full->set_weights(lora->weights());
    const Batch batch = random_batch(kVocabulary, 2);
    const auto narrow = loss_and_gradients(*lora, batch, 0.0);
    const auto dense = loss_and_gradients(*full, batch, 0.0);
    EXPECT_NEAR(narrow[0].item<double>(), dense[0].item<double>(), 1e-5 * dense[0].item<double>());
    const double scale = lora_options().lora.config().scale();
    std::map<std::string, at::Tensor> gradients;
    for (std::size_t i = 0; i < full->parameters().size(); ++i)
        gradients[full->parameters()[i].name] = dense[i + 1];
    const std::map<std::string, int> parts = {{"qkv", 3}, {"o", 1}, {"gate_up", 2}, {"down", 1}};
    std::size_t compared = 0;
    for (std::size_t i = 0; i + 1 < lora->parameters().size(); i += 2) {
        const Parameter &a = lora->parameters()[i], &b = lora->parameters()[i + 1];
        const std::string name = a.name.substr(0, a.name.find(".lora_A"));
        ASSERT_EQ(b.name, name + ".lora_B");
        const int count = parts.at(name.substr(name.find('.') + 1));
        const auto dw = gradients.at(name).chunk(count), as = a.value.detach().chunk(count),
                   bs = b.value.detach().chunk(count), da = narrow[i + 1].chunk(count),
                   db = narrow[i + 2].chunk(count);
        for (std::size_t j = 0; j < dw.size(); ++j) {
            const at::Tensor expected_a = scale * at::mm(bs[j].t(), dw[j]),
                             expected_b = scale * at::mm(dw[j], as[j].t());
            EXPECT_LT((da[j] - expected_a).abs().max().item<double>(),
                      1e-4 * expected_a.abs().max().item<double>())
                << name;
            EXPECT_LT((db[j] - expected_b).abs().max().item<double>(),
                      1e-4 * expected_b.abs().max().item<double>())
                << name;
            ++compared;
        }
    }
    EXPECT_EQ(compared, 14u);
}

TEST(Lora, TheMergedModelsLogitsAreThoseOfBaseAndAdapter) {
    for (const TrainOptions& options : cases()) {
        const auto network = make(options);
        Batch batch = random_batch(kVocabulary, 3, 1, 20);
        std::fill(batch.reset_BT.begin(), batch.reset_BT.end(), std::uint8_t{0});
        batch.reset_BT[0] = 1;
        batch.inputs_BT[0] = 0;
        std::vector<int> ids(batch.inputs_BT.begin() + 1, batch.inputs_BT.end());
        ids.push_back(7);
        network->model()->for_each_logits(ids, [&](std::size_t t, std::span<const float> logits) {
            if (t % 9 != 4) return;
            double sum = 0;
            for (const float logit : logits) sum += std::exp(double(logit));
            for (int target = 0; target < kVocabulary; ++target) {
                batch.targets_BT.assign(20, -1);
                batch.targets_BT[t] = target;
                const ops::PlainOps reference;
                base::Rng keys(5, "dropout");
                const double expected = network->loss(batch, 1.0, 0.0, keys).item<double>();
                EXPECT_NEAR(std::log(sum) - double(logits[std::size_t(target)]), expected,
                            1e-5 * std::max(1.0, expected))
                    << spelled(options);
            }
        });
    }
}

TEST(Lora, AtTheStartItIsTheBase) {
    const TrainOptions options = lora_options();
    const auto network = make_transformer(options, kVocabulary, 0);
    const models::Weights base = base_weights(options);
    network->set_weights(base);
    for (const auto& [name, tensor] : network->weights())
        EXPECT_EQ(tensor.values, base.at(name).values) << name;
    // A has the spread of PEFT's uniform draw between -1 and 1 / sqrt(in).
    const models::LoraAdapter adapter = network->adapter().value();
    for (const auto& [name, tensor] : adapter.factors) {
        double squares = 0;
        for (const float value : tensor.values) squares += double(value) * double(value);
        const double mean = squares / static_cast<double>(tensor.values.size());
        if (name.find("lora_B") != std::string::npos)
            EXPECT_EQ(mean, 0.0) << name;
        else
            EXPECT_NEAR(mean * 3 * static_cast<double>(tensor.shape[1]), 1.0, 0.6) << name;
    }
}

class LoraTrainee : public ::testing::Test {
  protected:
    // A model folder whose weights are tuned.
    void SetUp() override {
        base::write_json_file(base_.path / "config.json", base::Json::object());
        models::write_weights(base_.path / "model.safetensors", base_weights(lora_options()));
    }
    std::unique_ptr<Trainee> tuned(const TrainOptions& options) const {
        auto trainee = make_torch_trainee(options, kVocabulary, 0);
        trainee->load_weights(base_.path);
        return trainee;
    }
    static std::vector<double> losses(Trainee& trainee, int from, int to) {
        std::vector<double> all;
        for (int step = from; step < to; ++step) {
            const Batch batch[] = {random_batch(kVocabulary, std::uint64_t(step))};
            const StepResult result = trainee.step(batch, step, 1e-2);
            all.push_back(result.loss);
            all.push_back(result.gradient_norm);
        }
        return all;
    }

    test_support::TemporaryFolder base_, made_;
};

TEST_F(LoraTrainee, GoesOnBitExactlyFromItsState) {
    TrainOptions options = lora_options();
    options.dropout = 0.2;
    const auto unbroken = tuned(options);
    losses(*unbroken, 0, 5);
    unbroken->save_state(made_.path);
    const auto expected = losses(*unbroken, 5, 10);
    const auto resumed = tuned(options);
    resumed->load_state(made_.path);
    EXPECT_EQ(losses(*resumed, 5, 10), expected);
    // Gradients and moments are kept of the adapter alone.
    const nn::SafetensorsFile state(made_.path / "trainee.safetensors");
    EXPECT_EQ(state.at("adam.m").shape, nn::Shape{unbroken->trained_parameter_count()});
    EXPECT_LT(unbroken->trained_parameter_count(), unbroken->parameter_count() / 2);

    options.lora.rank = 2;
    EXPECT_THROW(tuned(options)->load_state(made_.path), base::Error);
    options = lora_options({"q_proj", "v_proj"});
    EXPECT_THROW(tuned(options)->load_state(made_.path), base::Error);
}

TEST_F(LoraTrainee, LearnsWhileTheBaseStaysAsItWas) {
    const auto trainee = tuned(lora_options({"q_proj", "down_proj"}));
    Batch batch = random_batch(kVocabulary, 1, 2, 20);
    const double first = trainee->step({&batch, 1}, 0, 3e-2).loss;
    double last = first;
    for (int step = 1; step < 60; ++step) last = trainee->step({&batch, 1}, step, 3e-2).loss;
    EXPECT_LT(last, 0.8 * first);
    trainee->save_model(made_.path);
    const models::Weights before = models::read_weights(base_.path / "model.safetensors"),
                          after = models::read_weights(made_.path / "model.safetensors");
    ASSERT_EQ(before.size(), after.size());
    for (const auto& [name, tensor] : after) {
        const bool adapted =
            name.find("q_proj") != std::string::npos || name.find("down_proj") != std::string::npos;
        EXPECT_EQ(tensor.values != before.at(name).values, adapted) << name;
    }
}

TEST_F(LoraTrainee, ItsSavedAdapterMakesItsModelOfTheBase) {
    const auto trainee = tuned(lora_options({"v_proj", "gate_proj"}));
    losses(*trainee, 0, 3);
    trainee->save_model(made_.path);
    trainee->save_adapter(made_.path, {"a base", "0123"});
    const models::LoraAdapter adapter = models::read_adapter(made_.path);
    EXPECT_EQ(adapter.base.name, "a base");
    EXPECT_EQ(adapter.base.weights_sha256, "0123");
    EXPECT_EQ(adapter.config.rank, 3);
    EXPECT_EQ(adapter.config.alpha, 5);
    const auto& a = adapter.factors.at("model.layers.1.mlp.gate_proj.lora_A.weight");
    EXPECT_EQ(a.shape, (nn::Shape{3, 24}));
    EXPECT_EQ(adapter.factors.at("model.layers.1.mlp.gate_proj.lora_B.weight").shape,
              (nn::Shape{40, 3}));
    EXPECT_EQ(adapter.factors.size(), 8u);
    models::Weights merged = models::read_weights(base_.path / "model.safetensors");
    models::merge_adapter(adapter, merged);
    for (const auto& [name, tensor] : models::read_weights(made_.path / "model.safetensors"))
        EXPECT_EQ(tensor.values, merged.at(name).values) << name;
}

TEST(LoraOptionsTest, WhatCannotBeIsRefused) {
    const auto complaint = [](TrainOptions options) {
        try {
            fill_defaults(options);
        } catch (const base::Error& error) {
            return error.message;
        }
        return std::string();
    };
    TrainOptions options = lora_options();
    EXPECT_EQ(complaint(options), "");
    options.lora.rank = 24;
    EXPECT_EQ(complaint(options), "");
    options.lora.rank = 25;
    EXPECT_NE(complaint(options).find("got 25, expected 1 to 24"), std::string::npos);
    options = lora_options();
    options.lora.targets.clear();
    EXPECT_NE(complaint(options).find("at least one"), std::string::npos);
    options = lora_options();
    options.model = "lstm";
    EXPECT_NE(complaint(options).find("family is lstm"), std::string::npos);
    options = small_options("transformer");
    options.lora.alpha = 4;
    EXPECT_NE(complaint(options).find("no --lora"), std::string::npos);

    options = lora_options({"down_proj", "q_proj", "down_proj"});
    options.lora.alpha.reset();
    fill_defaults(options);
    EXPECT_EQ(options.lora.targets, (std::vector<std::string>{"q_proj", "down_proj"}));
    EXPECT_EQ(options.lora.config().scale(), 2.0);
}

}  // namespace
}  // namespace symphony::training::torch_net
