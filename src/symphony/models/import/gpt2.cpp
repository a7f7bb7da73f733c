#include "symphony/models/import/gpt2.h"

#include "symphony/models/import/tied_head.h"

#include <string>

namespace symphony::models {

TransformerConfig gpt2_config(ForeignConfig& json) {
    TransformerConfig config;
    config.norm = Norm::kLayer;
    config.positions = Positions::kLearned;
    config.attention_bias = config.mlp_bias = true;
    config.vocabulary_size = json.integer("vocab_size", 1, 65536);
    config.hidden_size = json.integer(json.first_of({"n_embd", "hidden_size"}), 2, 65536, 768);
    config.layers = json.integer(json.first_of({"n_layer", "num_hidden_layers"}), 1, 128, 12);
    config.heads = json.integer(json.first_of({"n_head", "num_attention_heads"}), 1, 1024, 12);
    config.context_length =
        json.integer(json.first_of({"n_positions", "max_position_embeddings"}), 2, 65536, 1024);
    config.intermediate_size = json.integer("n_inner", 1, 262144, 4 * config.hidden_size);
    config.epsilon = json.number("layer_norm_epsilon", 0, 1, 1e-5);
    config.tied = json.flag("tie_word_embeddings", true);
    config.inverse_layer_scale = json.flag("scale_attn_by_inverse_layer_idx", false);
    const std::string activation = json.text("activation_function", "gelu_new");
    if (activation == "gelu_new" || activation == "gelu_pytorch_tanh")
        config.activation = Activation::kGeluTanh;
    else if (activation == "gelu")
        config.activation = Activation::kGeluErf;
    else
        json.fail("\"activation_function\" is \"" + activation +
                  "\", expected gelu_new, gelu_pytorch_tanh or gelu");
    if (config.hidden_size % config.heads != 0)
        json.fail("\"n_embd\" is no multiple of \"n_head\"");
    json.expect("scale_attn_weights", true);
    // reorder_and_upcast_attn: the same sums in another order.
    json.ignore({"attn_pdrop", "embd_pdrop", "n_ctx", "reorder_and_upcast_attn", "resid_pdrop",
                 "summary_activation", "summary_first_dropout", "summary_proj_to_labels",
                 "summary_type", "summary_use_proj"});
    json.ignore_bookkeeping();
    json.finish();
    return config;
}

Weights take_gpt2(ForeignWeights& weights, const TransformerConfig& c) {
    const std::string prefix = weights.has("transformer.wte.weight") ? "transformer." : "";
    const std::int64_t width = c.hidden_size, inner = c.intermediate_size;
    std::vector<Move> moves{
        {prefix + "wte.weight", {c.vocabulary_size, width}, {"model.embed_tokens.weight"}},
        {prefix + "wpe.weight", {c.context_length, width}, {"model.embed_positions.weight"}}};
    // A weight and its bias; Conv1D keeps the weight as (in, out).
    const auto add_conv = [&](const std::string& from, std::int64_t in, std::int64_t out,
                              const std::vector<std::string>& to) {
        Move weight{from + ".weight", {in, out}, {}, /*transposed=*/true};
        Move bias{from + ".bias", {out}, {}};
        for (const std::string& name : to) {
            weight.to.push_back(name + ".weight");
            bias.to.push_back(name + ".bias");
        }
        moves.insert(moves.end(), {weight, bias});
    };
    const auto add_norm = [&](const std::string& from, const std::string& to) {
        for (const char* part : {".weight", ".bias"})
            moves.push_back({from + part, {width}, {to + part}});
    };
    for (int k = 0; k < c.layers; ++k) {
        const std::string from = prefix + "h." + std::to_string(k) + ".";
        const std::string to = "model.layers." + std::to_string(k) + ".";
        const std::string attention = to + "self_attn.";
        add_norm(from + "ln_1", to + "input_layernorm");
        add_conv(from + "attn.c_attn", width, 3 * width,
                 {attention + "q_proj", attention + "k_proj", attention + "v_proj"});
        add_conv(from + "attn.c_proj", width, width, {attention + "o_proj"});
        add_norm(from + "ln_2", to + "post_attention_layernorm");
        add_conv(from + "mlp.c_fc", width, inner, {to + "mlp.up_proj"});
        add_conv(from + "mlp.c_proj", inner, width, {to + "mlp.down_proj"});
    }
    add_norm(prefix + "ln_f", "model.norm");
    Weights taken = weights.take_all(moves);
    take_head(weights, c, taken);
    // The causal mask, which older programs saved.
    weights.ignore([](const std::string& name) {
        return name.ends_with(".attn.bias") || name.ends_with(".attn.masked_bias");
    });
    weights.expect_all_taken();
    return taken;
}

}  // namespace symphony::models
