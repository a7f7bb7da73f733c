#include "symphony/models/transformer_config.h"

#include "symphony/base/error.h"
#include "symphony/models/weights.h"

#include <fmt/format.h>

#include <array>
#include <string>
#include <utility>

namespace symphony::models {

namespace {

template <class Value>
using Names = std::array<std::pair<const char*, Value>, std::is_same_v<Value, Activation> ? 3 : 2>;

constexpr Names<Norm> kNorms{{{"rms_norm", Norm::kRms}, {"layer_norm", Norm::kLayer}}};
constexpr Names<Positions> kPositions{
    {{"rope", Positions::kRope}, {"learned", Positions::kLearned}}};
constexpr Names<Activation> kActivations{{{"silu", Activation::kSwiglu},
                                          {"gelu_new", Activation::kGeluTanh},
                                          {"gelu", Activation::kGeluErf}}};

template <class Table, class Value>
const char* name_of(const Table& table, Value value) {
    for (const auto& [name, known] : table)
        if (known == value) return name;
    return "";
}

// The value that `key` names. Throws Error (kModel) if it names none.
template <class Table>
auto named(const Table& table, const base::Json& json, const char* key) {
    const base::Json value = json.value(key, base::Json());
    std::string known;
    for (const auto& [name, meant] : table) {
        if (value == name) return meant;
        known += (known.empty() ? "" : ", ") + std::string(name);
    }
    throw base::Error(
        base::ErrorKind::kModel,
        fmt::format("config.json: \"{}\" is {}, expected one of {}", key, value.dump(), known));
}

bool has(const base::Json& json, const char* key) {
    return json.contains(key) && !json[key].is_null();
}

int integer_or(const base::Json& json, const char* key, int low, int high, int otherwise) {
    return has(json, key) ? config_integer(json, key, low, high) : otherwise;
}

bool flag_or_false(const base::Json& json, const char* key) {
    return has(json, key) && config_flag(json, key);
}

constexpr const char* kOwnType = "symphony-transformer";

}  // namespace

bool TransformerConfig::is_llama_shaped() const {
    return norm == Norm::kRms && positions == Positions::kRope &&
           activation == Activation::kSwiglu && !inverse_layer_scale &&
           (sliding_window == 0 || (!attention_bias && !mlp_bias));
}

bool TransformerConfig::is_own_shape() const {
    return is_llama_shaped() && key_head_count() == heads && head_size() * heads == hidden_size &&
           sliding_window == 0 && !attention_bias && !mlp_bias;
}

base::Json TransformerConfig::to_json() const {
    const bool llama = is_llama_shaped(), mistral = llama && sliding_window > 0;
    base::Json json;
    if (llama) json["architectures"] = {mistral ? "MistralForCausalLM" : "LlamaForCausalLM"};
    json["model_type"] = mistral ? "mistral" : llama ? "llama" : kOwnType;
    json.update(base::Json{{"vocab_size", vocabulary_size},
                           {"hidden_size", hidden_size},
                           {"intermediate_size", intermediate_size},
                           {"num_hidden_layers", layers},
                           {"num_attention_heads", heads},
                           {"num_key_value_heads", key_head_count()},
                           {"max_position_embeddings", context_length},
                           {"rope_theta", rope_theta},
                           {"rms_norm_eps", epsilon},
                           {"hidden_act", name_of(kActivations, activation)}});
    if (head_dim > 0) json["head_dim"] = head_dim;
    if (!mistral) {
        json["attention_bias"] = attention_bias;
        json["mlp_bias"] = mlp_bias;
    }
    if (sliding_window > 0) json["sliding_window"] = sliding_window;
    if (!llama) {
        json["norm"] = name_of(kNorms, norm);
        json["positions"] = name_of(kPositions, positions);
        json["scale_attn_by_inverse_layer_idx"] = inverse_layer_scale;
    }
    json.update(base::Json{{"tie_word_embeddings", tied},
                           {"bos_token_id", start_token},
                           {"eos_token_id", start_token},
                           {"torch_dtype", "float32"}});
    return json;
}

TransformerConfig TransformerConfig::from_json(const base::Json& json) {
    TransformerConfig config;
    config.vocabulary_size = config_integer(json, "vocab_size", 1, 65536);
    config.hidden_size = config_integer(json, "hidden_size", 2, 65536);
    config.intermediate_size = config_integer(json, "intermediate_size", 1, 262144);
    config.layers = config_integer(json, "num_hidden_layers", 1, 128);
    config.heads = config_integer(json, "num_attention_heads", 1, 1024);
    config.context_length = config_integer(json, "max_position_embeddings", 2, kMostPositions);
    config.rope_theta = config_number(json, "rope_theta", 1.0, 1e9);
    config.epsilon = config_number(json, "rms_norm_eps", 0.0, 1.0);
    config.tied = config_flag(json, "tie_word_embeddings");
    config.start_token = config_integer(json, "bos_token_id", 0, config.vocabulary_size - 1);
    config.key_heads = integer_or(json, "num_key_value_heads", 1, config.heads, config.heads);
    config.head_dim = integer_or(json, "head_dim", 2, 65536, 0);
    config.sliding_window = integer_or(json, "sliding_window", 1, kMostPositions, 0);
    config.attention_bias = flag_or_false(json, "attention_bias");
    config.mlp_bias = flag_or_false(json, "mlp_bias");
    config.activation = named(kActivations, json, "hidden_act");
    if (json.value("model_type", "") == kOwnType) {
        config.norm = named(kNorms, json, "norm");
        config.positions = named(kPositions, json, "positions");
        config.inverse_layer_scale = config_flag(json, "scale_attn_by_inverse_layer_idx");
    } else if (config.activation != Activation::kSwiglu) {
        throw base::Error(base::ErrorKind::kModel, "config.json: a Llama's \"hidden_act\" is " +
                                                       json["hidden_act"].dump() +
                                                       ", expected silu");
    }
    const bool whole_heads = config.head_dim > 0 || config.hidden_size % config.heads == 0;
    const bool pairs = config.positions != Positions::kRope || config.head_size() % 2 == 0;
    if (!whole_heads || !pairs || config.heads % config.key_heads != 0)
        throw base::Error(base::ErrorKind::kModel,
                          "config.json: expected hidden_size a multiple of twice "
                          "num_attention_heads, and that a multiple of num_key_value_heads");
    return config;
}

}  // namespace symphony::models
