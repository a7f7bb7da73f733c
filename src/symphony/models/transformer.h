// Decoder-only transformer, torch-free: RMSNorm before each block, RoPE, SwiGLU, no biases; the
// architecture and the tensor names of Llama (Touvron et al., arXiv:2302.13971), so that
// config.json and model.safetensors are what LlamaForCausalLM reads.
#pragma once

#include "symphony/base/json.h"
#include "symphony/models/language_model.h"
#include "symphony/models/weights.h"
#include "symphony/nn/attention.h"
#include "symphony/nn/kv_cache.h"
#include "symphony/nn/weight_matrix.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace symphony::models {

template <class Model>
class SharedWeightsBatch;

struct TransformerConfig {
    int vocabulary_size = 0, hidden_size = 0, intermediate_size = 0, layers = 0, heads = 0;
    int context_length = 0;
    double rope_theta = 10000.0, epsilon = 1e-5;
    bool tied = true;
    int start_token = 0;

    int head_size() const { return hidden_size / heads; }
    base::Json to_json() const;
    // Throws Error (kModel) if a field is missing, out of range or asks for what is not built
    // (grouped queries, another activation).
    static TransformerConfig from_json(const base::Json& config);
};

// Copies share the weights and have a cache each.
class Transformer : public LanguageModel {
  public:
    // Below float32 the matrices and the cache take fewer bytes; norms and sums stay float32.
    // Throws Error (kModel) if weights are missing, too many or misshapen.
    Transformer(const TransformerConfig& config, Weights weights,
                nn::WeightPrecision precision = nn::WeightPrecision::kFloat32);

    std::string family() const override { return "transformer"; }
    int vocabulary_size() const override;
    std::int64_t parameter_count() const override;
    int context_length() const override;
    int start_token() const override;
    void reset() override;
    std::unique_ptr<LanguageModel> copy() const override;
    std::unique_ptr<StreamBatch> batch() const override;
    std::span<const float> next(int token) override;
    std::span<const float> read(std::span<const int> tokens) override;
    void for_each_logits(std::span<const int> ids, const LogitsCallback& callback) override;

    // for_each_logits over many sequences, their windows side by side; callback(sequence, t,
    // logits).
    using BatchCallback =
        std::function<void(std::size_t sequence, std::size_t t, std::span<const float> logits_V)>;
    void for_each_logits(std::span<const std::vector<int>> sequences,
                         const BatchCallback& callback) const;

  private:
    template <class Model>
    friend class SharedWeightsBatch;
    struct Parts;
    // Room for one token of each stream.
    struct Scratch {
        std::vector<float> x_NC, normed_NC, qkv_N3C, attended_NC, gate_up_N2I, activated_NI,
            logits_NV;
    };
    // streams[i] reads tokens[i]; the logits lie in `scratch`. All share these weights.
    void read_one_each(std::span<Transformer* const> streams, std::span<const int> tokens,
                       Scratch& scratch) const;
    // Hidden states (B*T,C) after the last norm. ids (B,T). Keys (turned by RoPE) and values of
    // lane 0 are appended to `caches` (one a layer) unless it is null.
    std::vector<float> forward(std::span<const int> ids_BT, std::int64_t batch_size,
                               std::int64_t time, std::vector<nn::KvCache>* caches) const;
    // Reads into empty caches; the hidden state (C) of the last one.
    std::vector<float> read_at_once(std::span<const int> tokens);
    std::span<const float> logits_of(const float* normed_C);
    void drop_oldest_half();

    std::shared_ptr<const Parts> parts_;
    std::vector<int> read_;            // tokens in the cache
    std::vector<nn::KvCache> caches_;  // one a layer
    Scratch scratch_;
};

// From config.json and model.safetensors. Throws Error (kModel) if either is missing or damaged.
std::unique_ptr<LanguageModel> load_transformer(const std::filesystem::path& folder,
                                                nn::WeightPrecision precision);

}  // namespace symphony::models
