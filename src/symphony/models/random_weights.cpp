#include "symphony/models/random_weights.h"

#include "symphony/base/rng.h"

#include <cmath>

namespace symphony::models {

void add_random(Weights& weights, const std::string& name, const nn::Shape& shape, double scale) {
    base::Rng rng(7, name);
    Tensor tensor{shape, {}};
    for (std::int64_t i = 0; i < nn::element_count(shape); ++i) {
        tensor.values.push_back(static_cast<float>(scale * rng.normal()));
    }
    weights[name] = tensor;
}

Weights random_weights(const TransformerConfig& c) {
    Weights w;
    const double scale = 1.5 / std::sqrt(double(c.hidden_size));
    const int width = c.hidden_size, inner = c.intermediate_size;
    add_random(w, "model.embed_tokens.weight", {c.vocabulary_size, width}, 1.0);
    for (int k = 0; k < c.layers; ++k) {
        const std::string at = "model.layers." + std::to_string(k) + ".";
        for (const char* name : {"q_proj", "k_proj", "v_proj", "o_proj"}) {
            add_random(w, at + "self_attn." + name + ".weight", {width, width}, scale);
        }
        add_random(w, at + "mlp.gate_proj.weight", {inner, width}, scale);
        add_random(w, at + "mlp.up_proj.weight", {inner, width}, scale);
        add_random(w, at + "mlp.down_proj.weight", {width, inner}, scale);
        add_random(w, at + "input_layernorm.weight", {width}, 1.0);
        add_random(w, at + "post_attention_layernorm.weight", {width}, 1.0);
    }
    add_random(w, "model.norm.weight", {width}, 1.0);
    if (!c.tied) add_random(w, "lm_head.weight", {c.vocabulary_size, width}, scale);
    return w;
}

}  // namespace symphony::models
