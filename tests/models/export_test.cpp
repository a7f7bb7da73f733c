// What other programs are given, read back by the words of their formats.
#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/json.h"
#include "symphony/models/export/export_model.h"
#include "symphony/models/export/gguf_writer.h"
#include "symphony/nn/safetensors.h"

#include "models/random_weights.h"
#include "temporary_folder.h"
#include <gtest/gtest.h>

#include <cstring>
#include <map>

namespace symphony::models {
namespace {

// Width 64 of two heads, so that Q8_0 fits.
TransformerConfig config_of(bool tied) {
    TransformerConfig config{40, 64, 96, 2, 2, 32};
    config.tied = tied;
    config.start_token = 39;
    return config;
}

class Reader {
  public:
    explicit Reader(std::string bytes) : bytes_(std::move(bytes)) {}
    template <class T>
    T take() {
        T value;
        std::memcpy(&value, bytes_.data() + at_, sizeof value);
        at_ += sizeof value;
        return value;
    }
    std::string text() {
        const auto size = take<std::uint64_t>();
        at_ += size;
        return bytes_.substr(at_ - size, size);
    }
    std::size_t at() const { return at_; }
    const std::string& bytes() const { return bytes_; }

  private:
    std::string bytes_;
    std::size_t at_ = 0;
};

struct Entry {
    std::vector<std::uint64_t> sizes;  // innermost first
    std::uint32_t type;
    std::string_view bytes;  // to the end of the file
};

struct GgufFile {
    std::string bytes;
    std::map<std::string, std::uint32_t> numbers;
    std::map<std::string, float> reals;
    std::map<std::string, std::string> texts;
    std::vector<std::string> token_names;
    std::map<std::string, Entry> tensors;
};

void read_gguf(const std::string& bytes, GgufFile& file) {
    Reader reader(bytes);
    ASSERT_EQ(reader.take<std::uint32_t>(), 0x46554747u);  // "GGUF"
    ASSERT_EQ(reader.take<std::uint32_t>(), 3u);
    const auto tensors = reader.take<std::uint64_t>(), pairs = reader.take<std::uint64_t>();
    for (std::uint64_t i = 0; i < pairs; ++i) {
        const std::string key = reader.text();
        switch (reader.take<std::uint32_t>()) {
            case 4:
                file.numbers[key] = reader.take<std::uint32_t>();
                break;
            case 6:
                file.reals[key] = reader.take<float>();
                break;
            case 8:
                file.texts[key] = reader.text();
                break;
            case 9: {
                ASSERT_EQ(reader.take<std::uint32_t>(), 8u);
                const auto count = reader.take<std::uint64_t>();
                for (std::uint64_t t = 0; t < count; ++t) file.token_names.push_back(reader.text());
                break;
            }
            default:
                FAIL() << key;
        }
    }
    std::map<std::string, std::uint64_t> offsets;
    for (std::uint64_t i = 0; i < tensors; ++i) {
        const std::string name = reader.text();
        Entry& entry = file.tensors[name];
        entry.sizes.resize(reader.take<std::uint32_t>());
        for (auto& size : entry.sizes) size = reader.take<std::uint64_t>();
        entry.type = reader.take<std::uint32_t>();
        offsets[name] = reader.take<std::uint64_t>();
    }
    file.bytes = bytes;
    const std::size_t data = (reader.at() + 31) / 32 * 32;
    for (auto& [name, entry] : file.tensors) {
        ASSERT_EQ(offsets[name] % 32, 0u);
        entry.bytes = std::string_view(file.bytes).substr(data + offsets[name]);
    }
}

float float_at(const Entry& entry, std::size_t i) {
    float value;
    std::memcpy(&value, entry.bytes.data() + 4 * i, sizeof value);
    return value;
}

std::vector<std::string> names() {
    std::vector<std::string> all;
    for (int i = 0; i < 40; ++i) all.push_back("Token_" + std::to_string(i));
    return all;
}

GgufFile exported(bool tied, nn::WeightPrecision precision, const Weights& weights) {
    const test_support::TemporaryFolder made;
    export_gguf({"small", config_of(tied), weights, names()}, precision, made.path / "m.gguf");
    GgufFile file;
    read_gguf(base::read_file(made.path / "m.gguf").value(), file);
    return file;
}

TEST(Export, GgufSaysWhatLlamaCppAsksFor) {
    const GgufFile file =
        exported(true, nn::WeightPrecision::kFloat32, random_weights(config_of(true)));
    EXPECT_EQ(file.texts.at("general.architecture"), "llama");
    EXPECT_EQ(file.texts.at("tokenizer.ggml.model"), "none");
    EXPECT_EQ(file.numbers.at("llama.vocab_size"), 40u);
    EXPECT_EQ(file.numbers.at("llama.context_length"), 32u);
    EXPECT_EQ(file.numbers.at("llama.embedding_length"), 64u);
    EXPECT_EQ(file.numbers.at("llama.block_count"), 2u);
    EXPECT_EQ(file.numbers.at("llama.feed_forward_length"), 96u);
    EXPECT_EQ(file.numbers.at("llama.attention.head_count"), 2u);
    EXPECT_EQ(file.numbers.at("llama.rope.dimension_count"), 32u);
    EXPECT_EQ(file.reals.at("llama.rope.freq_base"), 10000.0f);
    EXPECT_EQ(file.reals.at("llama.attention.layer_norm_rms_epsilon"), 1e-5f);
    EXPECT_EQ(file.token_names, names());
    EXPECT_EQ(file.tensors.size(), 2u + 2 * 9);
    EXPECT_EQ(file.tensors.at("token_embd.weight").sizes, (std::vector<std::uint64_t>{64, 40}));
    EXPECT_EQ(file.tensors.at("blk.1.ffn_down.weight").sizes, (std::vector<std::uint64_t>{96, 64}));
    EXPECT_EQ(file.tensors.at("blk.0.attn_norm.weight").sizes, (std::vector<std::uint64_t>{64}));
}

TEST(Export, GgufHoldsTheWeightsWithQueriesAndKeysInPairs) {
    const Weights weights = random_weights(config_of(false));
    const GgufFile file = exported(false, nn::WeightPrecision::kFloat32, weights);
    const auto& output = weights.at("lm_head.weight").values;
    for (std::size_t i = 0; i < output.size(); ++i)
        ASSERT_EQ(float_at(file.tensors.at("output.weight"), i), output[i]);
    // Row 16 of head 1, the second half's first, follows row 0 of the head.
    const auto& query = weights.at("model.layers.1.self_attn.q_proj.weight").values;
    const Entry& paired = file.tensors.at("blk.1.attn_q.weight");
    for (std::size_t c = 0; c < 64; ++c) {
        EXPECT_EQ(float_at(paired, (32 + 0) * 64 + c), query[(32 + 0) * 64 + c]);
        EXPECT_EQ(float_at(paired, (32 + 1) * 64 + c), query[(32 + 16) * 64 + c]);
        EXPECT_EQ(float_at(paired, (32 + 31) * 64 + c), query[(32 + 31) * 64 + c]);
    }
    const auto& value = weights.at("model.layers.1.self_attn.v_proj.weight").values;
    EXPECT_EQ(float_at(file.tensors.at("blk.1.attn_v.weight"), 70), value[70]);
}

TEST(Export, GgufsFewerBytesAreNearTheWeights) {
    const Weights weights = random_weights(config_of(true));
    const auto& embedding = weights.at("model.embed_tokens.weight").values;
    const GgufFile bf16 = exported(true, nn::WeightPrecision::kBf16, weights);
    EXPECT_EQ(bf16.numbers.at("general.file_type"), 32u);
    EXPECT_EQ(bf16.tensors.at("token_embd.weight").type, 30u);
    EXPECT_EQ(bf16.tensors.at("output_norm.weight").type, 0u);
    const GgufFile q8 = exported(true, nn::WeightPrecision::kInt8, weights);
    const Entry& blocks = q8.tensors.at("token_embd.weight");
    EXPECT_EQ(q8.numbers.at("general.file_type"), 7u);
    EXPECT_EQ(blocks.type, 8u);
    for (std::size_t i = 0; i < embedding.size(); ++i) {
        std::uint16_t bits;
        std::memcpy(&bits, bf16.tensors.at("token_embd.weight").bytes.data() + 2 * i, 2);
        ASSERT_NEAR(nn::float_from_bfloat16(bits), embedding[i], std::abs(embedding[i]) / 256);
        const char* block = blocks.bytes.data() + i / 32 * 34;
        std::memcpy(&bits, block, 2);
        const float scale = nn::float_from_half(bits);
        const auto quantised = static_cast<signed char>(block[2 + i % 32]);
        ASSERT_NEAR(scale * static_cast<float>(quantised), embedding[i], 0.6f * scale);
    }
}

TEST(Export, GgufRefusesWidthsThatMakeNoBlocks) {
    TransformerConfig config{40, 24, 40, 3, 2, 32};
    const Weights weights = random_weights(config);
    EXPECT_THROW(export_gguf({"narrow", config, weights, {}}, nn::WeightPrecision::kInt8, "never"),
                 base::Error);
}

TEST(Export, HuggingFacesFolderIsOneOfOursInAnyPrecision) {
    const TransformerConfig config = config_of(true);
    const Weights weights = random_weights(config);
    const test_support::TemporaryFolder made;
    export_huggingface({"small", config, weights, names()}, nn::WeightPrecision::kFloat32,
                       made.path / "a");
    const Weights same = read_weights(made.path / "a" / "model.safetensors");
    ASSERT_EQ(same.size(), weights.size());
    for (const auto& [name, tensor] : weights) EXPECT_EQ(same.at(name).values, tensor.values);
    export_huggingface({"small", config, weights, names()}, nn::WeightPrecision::kBf16,
                       made.path / "b");
    const base::Json json = base::read_json_file(made.path / "b" / "config.json").value();
    EXPECT_EQ(json["architectures"][0], "LlamaForCausalLM");
    EXPECT_EQ(json["torch_dtype"], "bfloat16");
    EXPECT_EQ(json["num_key_value_heads"], 2);
    EXPECT_EQ(base::read_json_file(made.path / "b" / "token_names.json").value()[39], "Token_39");
    Transformer narrow(config, random_weights(config), nn::WeightPrecision::kBf16);
    const auto again = load_transformer(made.path / "b", nn::WeightPrecision::kBf16);
    const auto expected = narrow.next(3), logits = again->next(3);
    for (std::size_t i = 0; i < 40; ++i) EXPECT_NEAR(logits[i], expected[i], 0.3);
    EXPECT_THROW(export_huggingface({"small", config, weights, {}}, nn::WeightPrecision::kInt8,
                                    made.path / "c"),
                 base::Error);
}

}  // namespace
}  // namespace symphony::models
