// What a decoder-only transformer is made of. Our own models are Llama's: RMSNorm before each
// block, RoPE, SwiGLU, no biases (Touvron et al., arXiv:2302.13971), and every part's default is
// that; imported models take others.
#pragma once

#include "symphony/base/json.h"

#include <cstdint>

namespace symphony::models {

enum class Norm : std::uint8_t { kRms, kLayer };          // LayerNorm has a bias
enum class Positions : std::uint8_t { kRope, kLearned };  // learned: a vector for each place
enum class Activation : std::uint8_t {
    kSwiglu,    // down(silu(gate x) * up x)
    kGeluTanh,  // down(gelu(up x)), see nn/gelu.h
    kGeluErf,
};

// The longest context that a config.json may ask for, in tokens.
inline constexpr int kMostPositions = 1 << 18;

struct TransformerConfig {
    int vocabulary_size = 0, hidden_size = 0, intermediate_size = 0, layers = 0, heads = 0;
    int context_length = 0;
    double rope_theta = 10000.0, epsilon = 1e-5;
    bool tied = true;
    int start_token = 0;
    // What only imported models have otherwise:
    int key_heads = 0;  // heads of keys and values, each for heads / key_heads queries; 0: heads
    int head_dim = 0;   // 0: hidden_size / heads
    int sliding_window = 0;  // tokens that a query looks back on, its own included; 0: all
    Norm norm = Norm::kRms;
    Positions positions = Positions::kRope;
    Activation activation = Activation::kSwiglu;
    bool attention_bias = false;       // of queries, keys, values and the output
    bool mlp_bias = false;             // of all matrices of the feed-forward block
    bool inverse_layer_scale = false;  // scores of layer k are divided by k + 1

    int head_size() const { return head_dim > 0 ? head_dim : hidden_size / heads; }
    int key_head_count() const { return key_heads > 0 ? key_heads : heads; }
    int query_width() const { return heads * head_size(); }           // A
    int key_width() const { return key_head_count() * head_size(); }  // K

    // Can Hugging Face's Llama or Mistral be it? What is not has a model_type of our own.
    bool is_llama_shaped() const;
    // Is it what we train: Llama with as many keys as queries and no biases?
    bool is_own_shape() const;

    // config.json with Hugging Face's names.
    base::Json to_json() const;
    // Throws Error (kModel) if a field is missing, out of range or asks for what is not built.
    static TransformerConfig from_json(const base::Json& config);
};

}  // namespace symphony::models
