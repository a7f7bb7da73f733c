// LSTM language model, torch-free: embedding, stacked LSTM layers, output layer. Weights are named
// as PyTorch's nn.LSTM names them, with one bias a layer.
#pragma once

#include "symphony/base/json.h"
#include "symphony/models/language_model.h"
#include "symphony/models/weights.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace symphony::models {

template <class Model>
class SharedWeightsBatch;

// Tensors: embedding.weight (V,E); lstm.weight_ih_l<k> (4H, E or H), lstm.weight_hh_l<k> (4H,H),
// lstm.bias_l<k> (4H), gates in the order i, f, g, o; output.bias (V). Tied: logits come from
// embedding.weight, after projection.weight (E,H) if E != H. Untied: from output.weight (V,H).
struct LstmConfig {
    int vocabulary_size = 0, embedding_size = 0, hidden_size = 0, layers = 0;
    bool tied = true;
    int start_token = 0;

    bool has_projection() const { return tied && embedding_size != hidden_size; }
    int output_size() const { return tied ? embedding_size : hidden_size; }  // columns, for logits
    base::Json to_json() const;
    // Throws Error (kModel) if a field is missing or out of range.
    static LstmConfig from_json(const base::Json& config);
};

// Copies share the weights and have a state each.
class Lstm : public LanguageModel {
  public:
    // Throws Error (kModel) if weights are missing, too many or misshapen.
    Lstm(const LstmConfig& config, Weights weights);

    std::string family() const override { return "lstm"; }
    int vocabulary_size() const override;
    std::int64_t parameter_count() const override;
    int context_length() const override { return 0; }
    int start_token() const override;
    void reset() override;
    std::unique_ptr<LanguageModel> copy() const override { return std::make_unique<Lstm>(*this); }
    std::unique_ptr<StreamBatch> batch() const override;
    std::span<const float> next(int token) override;
    void for_each_logits(std::span<const int> ids, const LogitsCallback& callback) override;

    // for_each_logits over many sequences, side by side; callback(sequence, t, logits).
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
        std::vector<float> gates_N4H, tanh_c_H, h_NH, below_NH, projected_NE, logits_NV;
    };
    // streams[i] reads tokens[i]; the logits lie in `scratch`. All share these weights.
    void read_one_each(std::span<Lstm* const> streams, std::span<const int> tokens,
                       Scratch& scratch) const;
    // Logits (N,V) of top-layer states (N,H); `projected_NE` is scratch.
    void logits_of(const float* h_NH, std::int64_t rows, std::vector<float>& projected_NE,
                   std::vector<float>& logits_NV) const;

    std::shared_ptr<const Parts> parts_;
    std::vector<float> h_, c_;  // (layers, H)
    Scratch scratch_;
};

// From config.json and model.safetensors. Throws Error (kModel) if either is missing or damaged.
std::unique_ptr<LanguageModel> load_lstm(const std::filesystem::path& folder);

}  // namespace symphony::models
