// What is not known is refused by name, and so is what does not fit.
#include "symphony/base/error.h"

#include "models/import/imported.h"
#include <gtest/gtest.h>

#include <fstream>

namespace symphony::models {
namespace {

class ImportRefusals : public ::testing::Test {
  protected:
    // The message of the Error that importing the folder throws; "" if it is taken.
    std::string complaint() const {
        try {
            import_model(made_.path);
        } catch (const base::Error& error) {
            return error.message + " [" + error.path + "] " + error.hint;
        }
        return "";
    }
    std::string complaint(const ForeignModel& model, bool with_tokenizer = true) const {
        write_foreign(model, made_.path);
        if (with_tokenizer) write_miditok_mark(made_.path);
        return complaint();
    }
    void expect_refused(ForeignModel model, const std::string& key, const base::Json& value,
                        const std::string& needle) const {
        model.config[key] = value;
        const std::string message = complaint(model);
        EXPECT_NE(message.find(needle), std::string::npos)
            << key << " " << value << " -> \"" << message << "\"";
    }

    test_support::TemporaryFolder made_;
};

TEST_F(ImportRefusals, UnknownSettingsByName) {
    for (const ForeignModel& model :
         {random_gpt2({}), random_llama({}), random_mistral({}, 5, 6)}) {
        EXPECT_EQ(complaint(model), "");
        expect_refused(model, "qk_norm", true, "\"qk_norm\" is true");
        expect_refused(model, "quantization_config", {{"bits", 4}}, "\"quantization_config\"");
        expect_refused(model, "add_cross_attention", true, "\"add_cross_attention\"");
        expect_refused(model, "is_encoder_decoder", true, "\"is_encoder_decoder\"");
    }
    expect_refused(random_aria({}), "resid_dropout_kind", "x", "\"resid_dropout_kind\"");
    expect_refused(random_aria({}), "rope_theta", 10000, "\"rope_theta\" is 10000");
}

TEST_F(ImportRefusals, WhatIsNotBuilt) {
    expect_refused(random_gpt2({}), "activation_function", "relu", "relu");
    expect_refused(random_gpt2({}), "scale_attn_weights", false, "\"scale_attn_weights\"");
    expect_refused(random_llama({}), "hidden_act", "gelu", "\"hidden_act\"");
    expect_refused(random_llama({}), "rope_scaling", {{"rope_type", "llama3"}, {"factor", 8.0}},
                   "llama3");
    expect_refused(random_llama({}), "rope_scaling", {{"type", "linear"}, {"factor", 2.0}},
                   "linear");
    expect_refused(random_llama({}), "rope_parameters",
                   {{"rope_type", "yarn"}, {"rope_theta", 10000.0}}, "yarn");
    expect_refused(random_llama({}), "pretraining_tp", 2, "\"pretraining_tp\"");
    expect_refused(random_llama({}), "num_attention_heads", 5, "multiple");
    expect_refused(random_llama({}), "vocab_size", "many", "\"vocab_size\"");
    expect_refused(random_llama({}), "architectures", {"PhiForCausalLM"}, "PhiForCausalLM");
    expect_refused(random_llama({}), "architectures", {"LlamaForCausalLM", "Other"},
                   "not supported");
}

TEST_F(ImportRefusals, TheTwoWaysOfWritingTheta) {
    ForeignModel model = random_llama({});
    model.config.erase("rope_theta");
    model.config["rope_parameters"] = {{"rope_type", "default"}, {"rope_theta", 500000.0}};
    ASSERT_EQ(complaint(model), "");
    EXPECT_EQ(import_model(made_.path).config["rope_theta"], 500000.0);
    model.config["rope_theta"] = 10000.0;
    EXPECT_NE(complaint(model).find("\"rope_theta\" is 10000"), std::string::npos);
}

TEST_F(ImportRefusals, AbsentFieldsMeanWhatTransformersTakes) {
    ForeignModel mistral = random_mistral({.heads = 8, .key_heads = 8, .positions = 64}, 5, 6);
    mistral.config.erase("sliding_window");
    mistral.config.erase("num_key_value_heads");
    mistral.config.erase("rms_norm_eps");
    ASSERT_EQ(complaint(mistral), "");
    const base::Json config = import_model(made_.path).config;
    EXPECT_EQ(config["sliding_window"], 4096);
    EXPECT_EQ(config["num_key_value_heads"], 8);
    EXPECT_EQ(config["rms_norm_eps"], 1e-6);
    mistral.config["sliding_window"] = nullptr;
    ASSERT_EQ(complaint(mistral), "");
    EXPECT_FALSE(import_model(made_.path).config.contains("sliding_window"));
}

TEST_F(ImportRefusals, TensorsThatDoNotFit) {
    ForeignModel model = random_llama({});
    model.tensors.erase("model.layers.1.mlp.up_proj.weight");
    EXPECT_NE(complaint(model).find("lack \"model.layers.1.mlp.up_proj.weight\""),
              std::string::npos);
    model = random_llama({});
    add_random(model.tensors, "model.layers.0.self_attn.q_norm.weight", {6}, 1.0);
    EXPECT_NE(complaint(model).find("\"model.layers.0.self_attn.q_norm.weight\" is no tensor"),
              std::string::npos);
    model = random_gpt2({});
    model.tensors["transformer.h.0.mlp.c_fc.weight"].shape = {40, 24};
    EXPECT_NE(complaint(model).find("\"transformer.h.0.mlp.c_fc.weight\" has the shape [40, 24]"),
              std::string::npos);
    model = random_gpt2({});
    add_random(model.tensors, "lm_head.weight", {30, 24}, 1.0);
    EXPECT_NE(complaint(model).find("differs from the embedding"), std::string::npos);
    model.tensors["lm_head.weight"] = model.tensors["transformer.wte.weight"];
    EXPECT_EQ(complaint(model), "");
    model.tensors["transformer.wpe.weight"].values[3] = std::nanf("");
    EXPECT_NE(complaint(model).find("not finite"), std::string::npos);
}

TEST_F(ImportRefusals, BuffersOfOlderProgramsAreLeftOut) {
    ForeignModel model = random_gpt2({});
    add_random(model.tensors, "transformer.h.0.attn.bias", {1, 1, 32, 32}, 1.0);
    add_random(model.tensors, "transformer.h.0.attn.masked_bias", {}, 1.0);
    EXPECT_EQ(complaint(model), "");
    model = random_llama({});
    add_random(model.tensors, "model.layers.0.self_attn.rotary_emb.inv_freq", {3}, 1.0);
    EXPECT_EQ(complaint(model), "");
}

// GPT-2's causal mask was once saved as booleans.
TEST_F(ImportRefusals, ABufferMayBeOfAnySort) {
    const ForeignModel model = random_gpt2({});
    ASSERT_EQ(complaint(model), "");
    nn::SafetensorsWriter writer;
    for (const auto& [name, tensor] : model.tensors) add_weight(writer, name, tensor, false);
    writer.add("transformer.h.0.attn.bias", {1, 1, 2, 2}, std::vector<std::uint8_t>(4));
    writer.write(made_.path / "model.safetensors");
    EXPECT_EQ(complaint(), "");
    writer.add("transformer.extra", {1}, std::vector<std::uint8_t>(1));
    writer.write(made_.path / "model.safetensors");
    EXPECT_NE(complaint().find("\"transformer.extra\" is no tensor"), std::string::npos);
}

TEST_F(ImportRefusals, FoldersWithoutWhatIsNeeded) {
    EXPECT_NE(complaint().find("model.safetensors is missing"), std::string::npos);
    std::ofstream(made_.path / "pytorch_model.bin") << "PK";
    EXPECT_NE(complaint().find("may run code"), std::string::npos);
    EXPECT_NE(complaint(random_llama({}), /*with_tokenizer=*/false).find("no tokenizer.json"),
              std::string::npos);
    // A tokenizer of Hugging Face's own knows no music.
    base::write_json_file(made_.path / "tokenizer.json", {{"version", "1.0"}, {"model", nullptr}});
    EXPECT_NE(complaint().find("no tokenizer.json"), std::string::npos);
    std::filesystem::remove(made_.path / "config.json");
    EXPECT_NE(complaint().find("config.json"), std::string::npos);
    try {
        import_model(made_.path / "nowhere");
        FAIL();
    } catch (const base::Error& error) {
        EXPECT_EQ(error.message, "got no folder");
    }
}

TEST_F(ImportRefusals, AnIndexThatLies) {
    const auto index = made_.path / "model.safetensors.index.json";
    const ForeignModel model = random_llama({});
    write_sharded(model, made_.path);
    write_miditok_mark(made_.path);
    ASSERT_EQ(complaint(), "");
    base::Json json = base::read_json_file(index).value();
    const base::Json good = json;
    json["weight_map"]["model.norm.weight"] = "../elsewhere.safetensors";
    base::write_json_file(index, json);
    EXPECT_NE(complaint().find("a safetensors file beside it"), std::string::npos);
    json = good;
    json["weight_map"]["model.extra.weight"] = "model-00001-of-00002.safetensors";
    base::write_json_file(index, json);
    EXPECT_NE(complaint().find("which lacks it"), std::string::npos);
    json = good;
    for (auto& file : json["weight_map"]) file = "model-00001-of-00002.safetensors";
    base::write_json_file(index, json);
    EXPECT_NE(complaint().find("which lacks it"), std::string::npos);
    base::write_json_file(index, {{"weight_map", base::Json::object()}});
    EXPECT_NE(complaint().find("no weight_map"), std::string::npos);
}

}  // namespace
}  // namespace symphony::models
