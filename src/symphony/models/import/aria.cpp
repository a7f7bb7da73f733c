#include "symphony/models/import/aria.h"

#include <string>

namespace symphony::models {

namespace {

constexpr const char* kEmbedding = "model.tok_embeddings.weight";
constexpr const char* kFirstUp = "model.encode_layers.0.ff_up_proj.weight";

}  // namespace

bool is_aria(const ForeignWeights& weights) {
    return weights.has("model.encode_layers.0.mixed_qkv.weight") && weights.has(kEmbedding) &&
           weights.has(kFirstUp);
}

TransformerConfig aria_config(ForeignConfig& json, const ForeignWeights& weights) {
    TransformerConfig config;
    config.norm = Norm::kLayer;
    config.rope_theta = 500000;
    config.epsilon = 1e-5;
    config.tied = false;
    config.hidden_size = json.integer(json.first_of({"d_model", "hidden_size"}), 2, 65536);
    config.layers = json.integer(json.first_of({"n_layers", "num_hidden_layers"}), 1, 128);
    config.heads = json.integer(json.first_of({"n_heads", "num_attention_heads"}), 1, 1024);
    config.context_length =
        json.integer(json.first_of({"max_seq_len", "max_position_embeddings"}), 2, 65536, 8192);
    const nn::Shape embedding = weights.shape_of(kEmbedding), up = weights.shape_of(kFirstUp);
    if (embedding.size() != 2 || up.size() != 2 || embedding[0] > 65536 || up[0] > 262144)
        json.fail("the weights' embedding or feed-forward block is no matrix of a model's size");
    config.vocabulary_size = static_cast<int>(embedding[0]);
    config.intermediate_size = static_cast<int>(up[0]);
    json.expect("vocab_size", config.vocabulary_size);
    json.expect("intermediate_size", config.intermediate_size);
    if (json.has("ff_mult")) json.expect("ff_mult", config.intermediate_size / config.hidden_size);
    json.expect("tie_word_embeddings", false);
    json.expect("rope_theta", config.rope_theta);
    for (const char* key : {"layer_norm_eps", "layer_norm_epsilon"}) json.expect(key, 1e-5);
    json.expect("hidden_act", "silu");
    json.ignore({"drop_p", "grad_checkpoint"});
    json.ignore_bookkeeping();
    json.finish();
    if (config.hidden_size % (2 * config.heads) != 0)
        json.fail("the width is no multiple of twice the number of heads");
    return config;
}

Weights take_aria(ForeignWeights& weights, const TransformerConfig& c) {
    const std::int64_t width = c.hidden_size, inner = c.intermediate_size;
    std::vector<Move> moves{{kEmbedding, {c.vocabulary_size, width}, {"model.embed_tokens.weight"}},
                            {"lm_head.weight", {c.vocabulary_size, width}, {"lm_head.weight"}}};
    const auto add_norm = [&](const std::string& from, const std::string& to) {
        for (const char* part : {".weight", ".bias"})
            moves.push_back({from + part, {width}, {to + part}});
    };
    for (int k = 0; k < c.layers; ++k) {
        const std::string from = "model.encode_layers." + std::to_string(k) + ".";
        const std::string to = "model.layers." + std::to_string(k) + ".";
        const std::string attention = to + "self_attn.", mlp = to + "mlp.";
        add_norm(from + "norm1", to + "input_layernorm");
        add_norm(from + "norm2", to + "post_attention_layernorm");
        moves.insert(
            moves.end(),
            {{from + "mixed_qkv.weight",
              {3 * width, width},
              {attention + "q_proj.weight", attention + "k_proj.weight",
               attention + "v_proj.weight"}},
             {from + "att_proj_linear.weight", {width, width}, {attention + "o_proj.weight"}},
             {from + "ff_gate_proj.weight", {inner, width}, {mlp + "gate_proj.weight"}},
             {from + "ff_up_proj.weight", {inner, width}, {mlp + "up_proj.weight"}},
             {from + "ff_down_proj.weight", {width, inner}, {mlp + "down_proj.weight"}}});
    }
    add_norm("model.out_layer_norm", "model.norm");
    Weights taken = weights.take_all(moves);
    weights.expect_all_taken();
    return taken;
}

}  // namespace symphony::models
