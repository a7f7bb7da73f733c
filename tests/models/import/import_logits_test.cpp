// Imported models say what their architecture's description says, to float32's precision; and each
// mistake that an import could make would show.
#include "models/import/imported.h"
#include <gtest/gtest.h>

#include <bit>
#include <cstring>
#include <functional>

namespace symphony::models {
namespace {

constexpr double kTolerance = 1e-4;

struct Case {
    std::string name;
    ForeignModel model;
    std::function<Logits(const ForeignModel&, const std::vector<int>&, Mistake)> reference;
    std::vector<Mistake> mistakes;
};

ForeignModel with(ForeignModel model, const std::string& key, const base::Json& value) {
    model.config[key] = value;
    return model;
}

ForeignModel with_attention_bias(ForeignModel model) {
    model.config["attention_bias"] = true;
    const int width = model.config["hidden_size"];
    for (int k = 0; k < model.config["num_hidden_layers"].get<int>(); ++k)
        for (const char* name : {"q_proj", "k_proj", "v_proj", "o_proj"})
            add_random(model.tensors,
                       "model.layers." + std::to_string(k) + ".self_attn." + name + ".bias",
                       {width}, 1.0);
    return model;
}

// Works where the two forms of GELU part most for their size, around -2.5, and counts it.
ForeignModel in_the_tail(const std::string& activation) {
    ForeignModel model = with(random_gpt2({.spread = 0.5}), "activation_function", activation);
    for (auto& [name, tensor] : model.tensors) {
        if (name.ends_with("c_fc.bias")) tensor.values.assign(tensor.values.size(), -2.5f);
        if (name.ends_with("mlp.c_proj.weight"))
            for (float& value : tensor.values) value *= 100;
    }
    return model;
}

ForeignModel untied_gpt2() {
    ForeignModel model = with(random_gpt2({}), "tie_word_embeddings", false);
    add_random(model.tensors, "lm_head.weight", {30, 24}, 0.3);
    return model;
}

std::vector<Case> cases() {
    const std::vector<Mistake> rope{Mistake::kInterleavedRope, Mistake::kOtherTheta,
                                    Mistake::kSwappedKeysAndValues, Mistake::kTiedHead};
    const ForeignSizes plain, grouped{.key_heads = 2};
    const ForeignSizes quiet{.spread = 0.5, .embedding_spread = 0.004};
    return {
        {"gpt2",
         random_gpt2({}),
         reference_gpt2,
         {Mistake::kNoTranspose, Mistake::kSwappedKeysAndValues, Mistake::kNoBias,
          Mistake::kRmsForLayerNorm}},
        {"gpt2 without a prefix", random_gpt2({}, ""), reference_gpt2, {Mistake::kNoTranspose}},
        {"gpt2 with the new gelu", in_the_tail("gelu_new"), reference_gpt2, {Mistake::kOtherGelu}},
        {"gpt2 with the exact gelu", in_the_tail("gelu"), reference_gpt2, {Mistake::kOtherGelu}},
        {"gpt2 with inverse-layer scale",
         with(random_gpt2({}), "scale_attn_by_inverse_layer_idx", true),
         reference_gpt2,
         {Mistake::kNoInverseLayer}},
        {"gpt2 untied", untied_gpt2(), reference_gpt2, {Mistake::kTiedHead}},
        {"llama", random_llama(plain), reference_llama, rope},
        {"llama with another theta",
         with(random_llama(plain), "rope_theta", 500000.0),
         [](const ForeignModel& model, const std::vector<int>& ids, Mistake mistake) {
             // Its mistake is the default.
             return mistake == Mistake::kOtherTheta
                        ? reference_llama(with(model, "rope_theta", 10000.0), ids, Mistake::kNone)
                        : reference_llama(model, ids, mistake);
         },
         {Mistake::kOtherTheta}},
        {"llama with small activations",
         random_llama(quiet),
         reference_llama,
         {Mistake::kOtherEpsilon}},
        {"llama with biases", with_attention_bias(random_llama(plain)), reference_llama, rope},
        {"llama with grouped heads",
         random_llama(grouped),
         reference_llama,
         {Mistake::kGroupsInterleaved, Mistake::kInterleavedRope}},
        {"mistral with a window and wide heads",
         random_mistral(grouped, 5, 10),
         reference_llama,
         {Mistake::kNoWindow, Mistake::kWindowOneLonger, Mistake::kGroupsInterleaved}},
        {"aria",
         random_aria(plain),
         reference_aria,
         {Mistake::kInterleavedRope, Mistake::kOtherTheta, Mistake::kSwappedKeysAndValues,
          Mistake::kTiedHead, Mistake::kNoBias, Mistake::kRmsForLayerNorm}},
    };
}

TEST(ImportLogits, AreTheReferencesOnBothRoads) {
    for (const Case& one : cases()) {
        const auto model = imported(one.model);
        auto ids = random_ids(20, 30, 3);
        ids[0] = model->start_token();
        const Logits expected = one.reference(one.model, ids, Mistake::kNone);
        EXPECT_LT(off(after_each(*model, ids, /*at_once=*/true), expected), kTolerance) << one.name;
        EXPECT_LT(off(after_each(*model, ids, /*at_once=*/false), expected), kTolerance)
            << one.name;
    }
}

TEST(ImportLogits, EveryMistakeWouldShow) {
    for (const Case& one : cases()) {
        const auto model = imported(one.model);
        auto ids = random_ids(20, 30, 4);
        ids[0] = model->start_token();
        const Rows ours = after_each(*model, ids, /*at_once=*/true);
        for (const Mistake mistake : one.mistakes)
            EXPECT_GT(off(ours, one.reference(one.model, ids, mistake)), 3 * kTolerance)
                << one.name << ", mistake " << static_cast<int>(mistake);
    }
}

TEST(ImportLogits, ManyStreamsAndCopiesGoTheSameWay) {
    for (const Case& one : cases()) {
        const auto model = imported(one.model);
        const auto ids = random_ids(12, 30, 5);
        const auto copy = model->copy();
        const auto batch = model->batch();
        LanguageModel* streams[] = {model.get(), copy.get()};
        for (const int id : ids) {
            const auto rows = batch->step(streams, std::vector<int>{id, id});
            EXPECT_EQ(std::vector<float>(rows[0].begin(), rows[0].end()),
                      std::vector<float>(rows[1].begin(), rows[1].end()))
                << one.name;
        }
        // Longer than the context: the oldest half is dropped, and positions begin anew.
        for (const int id : random_ids(60, 30, 6)) {
            const auto logits = model->next(id);
            ASSERT_TRUE(std::all_of(logits.begin(), logits.end(), [](float x) {
                return std::isfinite(x);
            })) << one.name;
        }
    }
}

TEST(ImportLogits, ShardsAreTheSameModel) {
    const ForeignModel foreign = random_llama({});
    const test_support::TemporaryFolder made;
    write_sharded(foreign, made.path);
    write_miditok_mark(made.path);
    const auto from_shards = opened(made.path), from_one = imported(foreign);
    const auto ids = random_ids(8, 30, 7);
    EXPECT_EQ(step_by_step(*from_shards, ids), step_by_step(*from_one, ids));
}

TEST(ImportLogits, Bfloat16IsKeptToTheBit) {
    const ForeignModel foreign = random_llama({});
    const test_support::TemporaryFolder made;
    write_foreign(foreign, made.path, /*as_bf16=*/true);
    write_miditok_mark(made.path);
    const ImportedModel imported = import_model(made.path);
    EXPECT_TRUE(imported.bf16);
    const nn::SafetensorsFile file(made.path / "model.safetensors");
    for (const auto& [name, tensor] : imported.weights) {
        const nn::TensorView& view = file.at(name, tensor.shape);
        for (std::size_t i = 0; i < tensor.values.size(); ++i) {
            std::uint16_t bits = 0;
            std::memcpy(&bits, view.bytes.data() + 2 * i, 2);
            ASSERT_EQ(std::bit_cast<std::uint32_t>(tensor.values[i]), std::uint32_t{bits} << 16);
        }
    }
    opened(made.path);
    EXPECT_EQ(nn::SafetensorsFile(made.path / "ours" / "model.safetensors")
                  .tensors()
                  .begin()
                  ->second.dtype,
              nn::DType::kBF16);
}

}  // namespace
}  // namespace symphony::models
