#include "symphony/models/import/llama.h"

#include "symphony/models/import/tied_head.h"

namespace symphony::models {

namespace {

// "default" in the words of either version of transformers; the scaled forms are refused by name.
void expect_plain_rope(ForeignConfig& rope, const char* key) {
    const std::string type = rope.text(rope.first_of({"rope_type", "type"}), "default");
    if (type != "default")
        rope.fail(std::string("\"") + key + "\" is of the type \"" + type +
                  "\", which is not supported: only default is");
}

double rope_theta(ForeignConfig& json) {
    constexpr double kDefault = 10000, kMost = 1e9;
    if (auto scaling = json.part("rope_scaling")) {
        expect_plain_rope(*scaling, "rope_scaling");
        scaling->finish();
    }
    // transformers 5 writes both in one object.
    if (auto parameters = json.part("rope_parameters")) {
        expect_plain_rope(*parameters, "rope_parameters");
        const double theta = parameters->number("rope_theta", 1, kMost, kDefault);
        parameters->finish();
        json.expect("rope_theta", theta);
        return theta;
    }
    return json.number("rope_theta", 1, kMost, kDefault);
}

}  // namespace

TransformerConfig llama_config(ForeignConfig& json, bool mistral) {
    TransformerConfig config;
    config.vocabulary_size = json.integer("vocab_size", 1, 65536);
    config.hidden_size = json.integer("hidden_size", 2, 65536);
    config.intermediate_size = json.integer("intermediate_size", 1, 262144);
    config.layers = json.integer("num_hidden_layers", 1, 128);
    config.heads = json.integer("num_attention_heads", 1, 1024);
    // What transformers takes where a field is missing; null is no value of its own.
    const bool mistral_keys = mistral && !json.states("num_key_value_heads");
    config.key_heads =
        json.integer("num_key_value_heads", 1, config.heads, mistral_keys ? 8 : config.heads);
    config.head_dim = json.integer("head_dim", 2, 65536, 0);
    config.context_length =
        json.integer("max_position_embeddings", 2, kMostPositions, mistral ? 131072 : 2048);
    config.epsilon = json.number("rms_norm_eps", 0, 1, 1e-6);
    config.tied = json.flag("tie_word_embeddings", false);
    config.rope_theta = rope_theta(json);
    if (mistral) {
        const int absent = json.states("sliding_window") ? 0 : 4096;
        config.sliding_window = json.integer("sliding_window", 1, kMostPositions, absent);
    } else {
        config.attention_bias = json.flag("attention_bias", false);
        config.mlp_bias = json.flag("mlp_bias", false);
        json.expect("pretraining_tp", 1);
    }
    json.expect("hidden_act", "silu");
    json.ignore({"attention_dropout"});
    json.ignore_bookkeeping();
    json.finish();
    if (config.head_dim * config.heads == config.hidden_size) config.head_dim = 0;
    const bool whole_heads = config.head_dim > 0 || config.hidden_size % config.heads == 0;
    if (!whole_heads || config.head_size() % 2 != 0 || config.heads % config.key_heads != 0)
        json.fail(
            "\"hidden_size\" must be a multiple of twice \"num_attention_heads\", and that of "
            "\"num_key_value_heads\"");
    return config;
}

std::vector<Move> llama_moves(const TransformerConfig& c, const std::string& from,
                              const std::string& to) {
    const std::int64_t width = c.hidden_size, inner = c.intermediate_size;
    const std::int64_t queries = c.query_width(), keys = c.key_width();
    std::vector<Move> moves;
    const auto add = [&](const std::string& name, nn::Shape shape) {
        moves.push_back({from + name, std::move(shape), {to + name}});
    };
    const auto add_linear = [&](const std::string& name, std::int64_t out, std::int64_t in,
                                bool has_bias) {
        add(name + ".weight", {out, in});
        if (has_bias) add(name + ".bias", {out});
    };
    add("embed_tokens.weight", {c.vocabulary_size, width});
    for (int k = 0; k < c.layers; ++k) {
        const std::string at = "layers." + std::to_string(k) + ".";
        add(at + "input_layernorm.weight", {width});
        add_linear(at + "self_attn.q_proj", queries, width, c.attention_bias);
        add_linear(at + "self_attn.k_proj", keys, width, c.attention_bias);
        add_linear(at + "self_attn.v_proj", keys, width, c.attention_bias);
        add_linear(at + "self_attn.o_proj", width, queries, c.attention_bias);
        add(at + "post_attention_layernorm.weight", {width});
        add_linear(at + "mlp.gate_proj", inner, width, c.mlp_bias);
        add_linear(at + "mlp.up_proj", inner, width, c.mlp_bias);
        add_linear(at + "mlp.down_proj", width, inner, c.mlp_bias);
    }
    add("norm.weight", {width});
    return moves;
}

bool is_rope_buffer(const std::string& name) { return name.ends_with(".rotary_emb.inv_freq"); }

Weights take_llama(ForeignWeights& weights, const TransformerConfig& config) {
    Weights taken = weights.take_all(llama_moves(config, "model.", "model."));
    take_head(weights, config, taken);
    weights.ignore(is_rope_buffer);
    weights.expect_all_taken();
    return taken;
}

}  // namespace symphony::models
