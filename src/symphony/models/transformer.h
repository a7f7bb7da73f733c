// Decoder-only transformer, torch-free: token embeddings, a stack of layers, an output head. Our
// own have the architecture and the tensor names of Llama, so that config.json and
// model.safetensors are what LlamaForCausalLM reads; see transformer_config.h for what others may
// have.
#pragma once

#include "symphony/models/decoder_stack.h"
#include "symphony/models/language_model.h"
#include "symphony/models/transformer_config.h"
#include "symphony/models/weights.h"
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
        DecoderStack::Scratch stack;
        std::vector<DecoderStack::Caches*> caches;
        std::vector<float> logits_NV;
    };
    // streams[i] reads tokens[i]; the logits lie in `scratch`. All share these weights.
    void read_one_each(std::span<Transformer* const> streams, std::span<const int> tokens,
                       Scratch& scratch) const;
    // Reads into empty caches; the hidden state (C) of the last one.
    std::vector<float> read_at_once(std::span<const int> tokens);
    std::span<const float> logits_of(const float* normed_C);
    void drop_oldest_half();

    std::shared_ptr<const Parts> parts_;
    std::vector<int> read_;  // tokens in the caches
    DecoderStack::Caches caches_;
    Scratch scratch_;
};

// From config.json and model.safetensors. Throws Error (kModel) if either is missing or damaged.
std::unique_ptr<LanguageModel> load_transformer(const std::filesystem::path& folder,
                                                nn::WeightPrecision precision);

}  // namespace symphony::models
