#include "symphony/models/export/export_model.h"

#include "symphony/base/error.h"
#include "symphony/base/json.h"
#include "symphony/models/export/gguf_writer.h"
#include "symphony/nn/safetensors.h"

#include <fmt/format.h>

#include <algorithm>

namespace symphony::models {

namespace {

// general.file_type: what most tensors are.
constexpr std::uint32_t kAllF32 = 0, kMostlyQ8_0 = 7, kMostlyBf16 = 32;

const Tensor& weight_of(const ExportedModel& model, const std::string& name) {
    const auto found = model.weights.find(name);
    if (found == model.weights.end())
        throw base::Error(base::ErrorKind::kModel, "the weights lack \"" + name + "\"");
    return found->second;
}

// Rows (heads x 2 x half) of each head from halves to pairs: row i of each half side by side.
std::vector<float> paired_rows(const Tensor& tensor, int heads) {
    const auto columns = static_cast<std::size_t>(tensor.shape[1]);
    const auto head = static_cast<std::size_t>(tensor.shape[0] / heads), half = head / 2;
    std::vector<float> paired(tensor.values.size());
    for (std::size_t row = 0; row < paired.size() / columns; ++row) {
        const std::size_t within = row % head;
        const std::size_t to = row - within + 2 * (within % half) + within / half;
        std::copy_n(tensor.values.begin() + static_cast<std::ptrdiff_t>(row * columns), columns,
                    paired.begin() + static_cast<std::ptrdiff_t>(to * columns));
    }
    return paired;
}

// What the formats have no word for.
void require_shape(bool expressible, const char* format) {
    if (!expressible)
        throw base::Error(base::ErrorKind::kUsage,
                          fmt::format("{} has no words here for this architecture", format), {},
                          "only Llama-shaped models can be exported");
}

void check_q8_widths(const TransformerConfig& config) {
    for (const int width : {config.hidden_size, config.intermediate_size})
        if (width % kQ8Block != 0)
            throw base::Error(base::ErrorKind::kUsage,
                              fmt::format("a width of {} cannot be Q8_0, expected a multiple of {}",
                                          width, kQ8Block),
                              {}, "export it with --precision bf16 or float32");
}

void set_metadata(const ExportedModel& model, std::uint32_t file_type, GgufWriter& writer) {
    const TransformerConfig& c = model.config;
    const auto number = [](int value) { return static_cast<std::uint32_t>(value); };
    writer.set("general.architecture", std::string("llama"));
    writer.set("general.name", model.name);
    writer.set("general.file_type", file_type);
    writer.set("llama.vocab_size", number(c.vocabulary_size));
    writer.set("llama.context_length", number(c.context_length));
    writer.set("llama.embedding_length", number(c.hidden_size));
    writer.set("llama.block_count", number(c.layers));
    writer.set("llama.feed_forward_length", number(c.intermediate_size));
    writer.set("llama.attention.head_count", number(c.heads));
    writer.set("llama.attention.head_count_kv", number(c.key_head_count()));
    writer.set("llama.attention.layer_norm_rms_epsilon", static_cast<float>(c.epsilon));
    writer.set("llama.rope.freq_base", static_cast<float>(c.rope_theta));
    writer.set("llama.rope.dimension_count", number(c.head_size()));
    writer.set("tokenizer.ggml.model", std::string("none"));
    writer.set("symphony.start_token_id", number(c.start_token));
    writer.set("symphony.tokens", model.token_names);
}

}  // namespace

void export_huggingface(const ExportedModel& model, nn::WeightPrecision precision,
                        const std::filesystem::path& folder) {
    require_shape(model.config.is_llama_shaped(), "Hugging Face's format");
    if (precision == nn::WeightPrecision::kInt8)
        throw base::Error(base::ErrorKind::kUsage, "Hugging Face's format has no such int8", {},
                          "export it with --precision bf16 or float32, or as gguf");
    const bool bf16 = precision == nn::WeightPrecision::kBf16;
    nn::SafetensorsWriter writer;
    writer.set_metadata("format", "pt");  // transformers asks for it
    for (const auto& [name, tensor] : model.weights) add_weight(writer, name, tensor, bf16);
    writer.write(folder / "model.safetensors");
    base::Json config = model.config.to_json();
    config["torch_dtype"] = bf16 ? "bfloat16" : "float32";
    base::write_json_file(folder / "config.json", config);
    base::write_json_file(folder / "generation_config.json",
                          {{"bos_token_id", model.config.start_token},
                           {"eos_token_id", model.config.start_token},
                           {"do_sample", true}});
    base::write_json_file(folder / "token_names.json", model.token_names);
}

void export_gguf(const ExportedModel& model, nn::WeightPrecision precision,
                 const std::filesystem::path& file) {
    const TransformerConfig& config = model.config;
    require_shape(config.is_llama_shaped() && config.sliding_window == 0 && config.head_dim == 0 &&
                      !config.attention_bias && !config.mlp_bias,
                  "GGUF");
    GgufType type = GgufType::kF32;
    std::uint32_t file_type = kAllF32;
    if (precision == nn::WeightPrecision::kBf16) {
        type = GgufType::kBf16;
        file_type = kMostlyBf16;
    } else if (precision == nn::WeightPrecision::kInt8) {
        check_q8_widths(config);
        type = GgufType::kQ8_0;
        file_type = kMostlyQ8_0;
    }
    GgufWriter writer;
    set_metadata(model, file_type, writer);
    const auto add_matrix = [&](const std::string& name, const std::string& from) {
        const Tensor& tensor = weight_of(model, from);
        writer.add(name, tensor.shape[0], tensor.shape[1], tensor.values, type);
    };
    const auto add_paired = [&](const std::string& name, const std::string& from, int heads) {
        const Tensor& tensor = weight_of(model, from);
        writer.add(name, tensor.shape[0], tensor.shape[1], paired_rows(tensor, heads), type);
    };
    const auto add_norm = [&](const std::string& name, const std::string& from) {
        const Tensor& tensor = weight_of(model, from);
        writer.add(name, 1, tensor.shape[0], tensor.values, GgufType::kF32);
    };
    add_matrix("token_embd.weight", "model.embed_tokens.weight");
    for (int k = 0; k < config.layers; ++k) {
        const std::string to = fmt::format("blk.{}.", k), from = fmt::format("model.layers.{}.", k);
        add_norm(to + "attn_norm.weight", from + "input_layernorm.weight");
        add_paired(to + "attn_q.weight", from + "self_attn.q_proj.weight", config.heads);
        add_paired(to + "attn_k.weight", from + "self_attn.k_proj.weight", config.key_head_count());
        add_matrix(to + "attn_v.weight", from + "self_attn.v_proj.weight");
        add_matrix(to + "attn_output.weight", from + "self_attn.o_proj.weight");
        add_norm(to + "ffn_norm.weight", from + "post_attention_layernorm.weight");
        add_matrix(to + "ffn_gate.weight", from + "mlp.gate_proj.weight");
        add_matrix(to + "ffn_up.weight", from + "mlp.up_proj.weight");
        add_matrix(to + "ffn_down.weight", from + "mlp.down_proj.weight");
    }
    add_norm("output_norm.weight", "model.norm.weight");
    if (!config.tied) add_matrix("output.weight", "lm_head.weight");
    writer.write(file);
}

}  // namespace symphony::models
