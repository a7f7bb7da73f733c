// Adapters in PEFT's files: merged by hand, read back, and refused where they are not what they
// say.
#include "symphony/base/error.h"
#include "symphony/models/adapter/adapter_folder.h"

#include "models/random_weights.h"
#include "temporary_folder.h"
#include <gtest/gtest.h>

#include <cmath>

namespace symphony::models {
namespace {

const TransformerConfig kConfig{30, 24, 40, 2, 2, 32};
constexpr int kRank = 3;

LoraAdapter random_adapter(const std::vector<std::string>& targets = {"q_proj", "down_proj"}) {
    LoraAdapter adapter{{kRank, 6, targets}, {"models/small", "abcd"}, {}};
    for (const auto& [name, tensor] : random_weights(kConfig)) {
        const std::string module = name.substr(0, name.rfind('.'));
        for (const std::string& target : targets)
            if (module.ends_with("." + target)) {
                add_random(adapter.factors, module + ".lora_A.weight", {kRank, tensor.shape[1]},
                           0.2);
                add_random(adapter.factors, module + ".lora_B.weight", {tensor.shape[0], kRank},
                           0.2);
            }
    }
    return adapter;
}

std::string merge_complaint(const LoraAdapter& adapter) {
    Weights weights = random_weights(kConfig);
    try {
        merge_adapter(adapter, weights);
    } catch (const base::Error& error) {
        EXPECT_EQ(error.kind, base::ErrorKind::kModel);
        return error.message;
    }
    return "";
}

TEST(Adapter, AddsAlphaOverRankTimesTheProduct) {
    const LoraAdapter adapter = random_adapter();
    const Weights before = random_weights(kConfig);
    Weights after = before;
    merge_adapter(adapter, after);
    for (const auto& [name, tensor] : before) {
        const bool adapted = name.find(".q_proj.") != std::string::npos ||
                             name.find(".down_proj.") != std::string::npos;
        if (!adapted) {
            EXPECT_EQ(after.at(name).values, tensor.values) << name;
            continue;
        }
        const std::string module = name.substr(0, name.rfind('.'));
        const auto& a = adapter.factors.at(module + ".lora_A.weight").values;
        const auto& b = adapter.factors.at(module + ".lora_B.weight").values;
        const auto columns = static_cast<std::size_t>(tensor.shape[1]);
        for (std::size_t i = 0; i < tensor.values.size(); i += 7) {
            double product = 0;
            for (std::size_t k = 0; k < kRank; ++k)
                product +=
                    double(b[i / columns * kRank + k]) * double(a[k * columns + i % columns]);
            EXPECT_FLOAT_EQ(after.at(name).values[i],
                            static_cast<float>(double(tensor.values[i]) + 2 * product));
        }
    }
}

TEST(Adapter, TargetsMatchWholeNamesAndTheirEnds) {
    LoraAdapter adapter = random_adapter({"up_proj"});
    adapter.config.targets = {"1.mlp.up_proj", "model.layers.0.mlp.up_proj"};
    EXPECT_EQ(merge_complaint(adapter), "");
    adapter.config.targets = {"1.mlp.up_proj"};
    EXPECT_NE(merge_complaint(adapter).find("\"model.layers.0.mlp.up_proj.lora_A.weight\", which "
                                            "adapts no projection"),
              std::string::npos);
    adapter.config.targets = {"roj"};
    EXPECT_NE(merge_complaint(adapter), "");
    adapter.config.targets = {"c_attn"};
    adapter.factors.clear();
    EXPECT_NE(merge_complaint(adapter).find("name no projection"), std::string::npos);
}

TEST(Adapter, RefusesFactorsThatDoNotFit) {
    const std::string a = "model.layers.1.self_attn.q_proj.lora_A.weight",
                      b = "model.layers.1.self_attn.q_proj.lora_B.weight";
    LoraAdapter adapter = random_adapter();
    EXPECT_EQ(merge_complaint(adapter), "");
    adapter.factors.erase(b);
    EXPECT_NE(merge_complaint(adapter).find("lacks \"" + b + "\""), std::string::npos);
    adapter = random_adapter();
    adapter.factors[a].shape = {24, kRank};
    EXPECT_NE(merge_complaint(adapter).find("have the shape [24, 3], expected [3, 24]"),
              std::string::npos);
    adapter = random_adapter();
    adapter.config.rank = 4;
    EXPECT_NE(merge_complaint(adapter).find("expected [4, "), std::string::npos);
    adapter = random_adapter();
    add_random(adapter.factors, "model.embed_tokens.lora_A.weight", {kRank, 24}, 1);
    EXPECT_NE(merge_complaint(adapter).find("embed_tokens"), std::string::npos);
    adapter = random_adapter();
    adapter.factors[a].values.assign(kRank * 24, 3e38f);
    adapter.factors[b].values.assign(24 * kRank, 3e38f);
    EXPECT_NE(merge_complaint(adapter).find("not finite"), std::string::npos);
}

class AdapterFolder : public ::testing::Test {
  protected:
    void SetUp() override { write_adapter(made_.path, random_adapter()); }
    std::string complaint() const {
        try {
            read_adapter(made_.path);
        } catch (const base::Error& error) {
            EXPECT_EQ(error.kind, base::ErrorKind::kModel);
            EXPECT_FALSE(error.path.empty());
            return error.message;
        }
        return "";
    }
    // With this setting in adapter_config.json.
    std::string complaint(const std::string& key, const base::Json& value) const {
        const auto path = made_.path / "adapter_config.json";
        const base::Json before = base::read_json_file(path).value();
        base::Json json = before;
        json[key] = value;
        base::write_json_file(path, json);
        const std::string message = complaint();
        base::write_json_file(path, before);
        return message;
    }
    std::string complaint_with(const std::string& name, const Tensor& tensor) const {
        nn::SafetensorsWriter writer;
        add_weight(writer, name, tensor, false);
        writer.write(made_.path / "adapter_model.safetensors");
        return complaint();
    }

    test_support::TemporaryFolder made_;
};

TEST_F(AdapterFolder, ComesBackAsItWas) {
    const LoraAdapter written = random_adapter(), read = read_adapter(made_.path);
    EXPECT_EQ(read.config.rank, kRank);
    EXPECT_EQ(read.config.alpha, 6);
    EXPECT_EQ(read.config.targets, written.config.targets);
    EXPECT_EQ(read.base.name, "models/small");
    EXPECT_EQ(read.base.weights_sha256, "abcd");
    ASSERT_EQ(read.factors.size(), written.factors.size());
    for (const auto& [name, tensor] : written.factors) {
        EXPECT_EQ(read.factors.at(name).shape, tensor.shape);
        EXPECT_EQ(read.factors.at(name).values, tensor.values);
    }
    const nn::SafetensorsFile file(made_.path / "adapter_model.safetensors");
    EXPECT_TRUE(file.has("base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"));
}

TEST_F(AdapterFolder, SettingsThatChangeTheSumAreRefusedByName) {
    EXPECT_EQ(complaint(), "");
    const std::vector<std::pair<std::string, base::Json>> refused = {
        {"use_dora", true},
        {"use_rslora", true},
        {"use_qalora", true},
        {"lora_bias", true},
        {"fan_in_fan_out", true},
        {"bias", "all"},
        {"modules_to_save", {"lm_head"}},
        {"rank_pattern", {{"q_proj", 4}}},
        {"alpha_pattern", {{"q_proj", 4}}},
        {"layers_to_transform", {0}},
        {"layer_replication", {{0, 1}}},
        {"trainable_token_indices", {1}},
        {"init_lora_weights", "pissa"},
        {"loftq_config", {{"loftq_bits", 4}}},
        {"peft_type", "LOHA"},
        {"task_type", "SEQ_CLS"},
        {"target_modules", "all-linear"},
        {"target_modules", base::Json::array()},
        {"r", 0},
        {"r", 2.5},
        {"lora_alpha", -1},
        {"a_setting_of_tomorrow", 1}};
    for (const auto& [key, value] : refused)
        EXPECT_NE(complaint(key, value).find("\"" + key + "\""), std::string::npos)
            << key << " " << value << ": " << complaint(key, value);
    EXPECT_EQ(complaint("a_setting_of_tomorrow", nullptr), "");
    EXPECT_EQ(complaint("lora_dropout", 0.05), "");
}

TEST_F(AdapterFolder, TensorsThatAreNoFactorsAreRefused) {
    const std::string name = "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight";
    EXPECT_EQ(complaint_with(name, {{1, 2}, {1, 2}}), "");
    EXPECT_NE(complaint_with(name, {{1, 2}, {1, std::nanf("")}}).find("not finite"),
              std::string::npos);
    for (const std::string other :
         {"model.layers.0.self_attn.q_proj.lora_A.weight",
          "base_model.model.model.layers.0.self_attn.q_proj.lora_magnitude_vector",
          "base_model.model.lm_head.weight",
          "base_model.model.model.embed_tokens.lora_embedding_A"})
        EXPECT_NE(complaint_with(other, {{1, 2}, {1, 2}}).find("is no factor"), std::string::npos)
            << other;
}

TEST_F(AdapterFolder, MissingAndDamagedFilesAreSaid) {
    const auto weights = made_.path / "adapter_model.safetensors";
    std::filesystem::resize_file(weights, std::filesystem::file_size(weights) - 3);
    EXPECT_NE(complaint(), "");
    std::filesystem::remove(weights);
    EXPECT_NE(complaint().find("adapter_model.safetensors is missing"), std::string::npos);
    base::write_json_file(made_.path / "adapter_config.json", base::Json::array());
    EXPECT_NE(complaint().find("expected an object"), std::string::npos);
    std::filesystem::remove(made_.path / "adapter_config.json");
    EXPECT_NE(complaint(), "");
}

}  // namespace
}  // namespace symphony::models
