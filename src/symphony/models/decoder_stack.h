// The layers of a decoder-only transformer, from a token's vector to the hidden state that its
// output head reads: positions, attention with its cache, feed-forward blocks, norms.
#pragma once

#include "symphony/models/linear.h"
#include "symphony/models/transformer_config.h"
#include "symphony/models/weights.h"
#include "symphony/nn/attention.h"
#include "symphony/nn/kv_cache.h"
#include "symphony/nn/weight_matrix.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace symphony::models {

class DecoderStack {
  public:
    // Takes `prefix`layers.0.input_layernorm.weight and so on: the names of Llama, and
    // `prefix`embed_positions.weight where positions are learned. Throws Error (kModel) if one is
    // missing or misshapen.
    DecoderStack(const TransformerConfig& config, Weights& weights, const std::string& prefix,
                 nn::WeightPrecision precision);

    using Caches = std::vector<nn::KvCache>;  // one a layer
    Caches empty_caches() const;

    // x_NC (B*T,C), vectors of B windows of T tokens, becomes their hidden states after the last
    // norm. Keys and values of the first window are appended to `caches`, empty before, unless that
    // is null. Precondition: T <= context_length.
    void forward(std::vector<float>& x_NC, std::int64_t batch_size, std::int64_t time,
                 Caches* caches) const;

    // Room for one token of each stream.
    struct Scratch {
        std::vector<float> x_NC, normed_NC, qkv, attended_NA, inner, activated_NI;
    };
    // One token of each of several streams: caches[i] is of row i of scratch.x_NC, and its length
    // the token's position. The hidden states lie in scratch.normed_NC. No allocation once it has
    // run. Precondition: no cache holds context_length tokens yet.
    void step(std::span<Caches* const> caches, Scratch& scratch) const;

  private:
    struct NormWeights {
        std::vector<float> weight_C, bias_C;  // bias: LayerNorm only
    };
    struct Layer {
        NormWeights input_norm, post_norm;
        Linear qkv, output;  // (A+2K,C), (C,A)
        Linear up, down;     // SwiGLU: gate and up, (2I,C); else (I,C). (C,I)
    };
    NormWeights take_norm(Weights& weights, const std::string& name) const;
    void norm_row(const NormWeights& norm, const float* x_C, float* out_C) const;
    void norm_rows(const NormWeights& norm, const float* x_NC, std::int64_t rows,
                   float* out_NC) const;
    void activate_rows(const float* inner, std::int64_t rows, float* out_NI) const;
    // Turns the queries and keys of one row (A+2K) by RoPE.
    void turn(float* qkv, std::int64_t position) const;
    // Rows (A+2K) to rows (3A) with the keys and values of each group repeated.
    std::vector<float> repeated_heads(const std::vector<float>& qkv, std::int64_t rows) const;
    std::int64_t inner_width() const;
    std::int64_t qkv_width() const { return config_.query_width() + 2 * config_.key_width(); }

    TransformerConfig config_;
    bool bf16_cache_;
    nn::RopeTable rope_;
    std::vector<float> positions_PC_;  // learned ones
    std::vector<Layer> layers_;
    NormWeights norm_;
};

}  // namespace symphony::models
