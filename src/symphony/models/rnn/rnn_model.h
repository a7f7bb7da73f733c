// The trained RNN as a language model: float32, one stream, state carried.
#pragma once

#include "symphony/models/language_model.h"
#include "symphony/models/rnn/rnn_network.h"

#include <filesystem>
#include <memory>
#include <vector>

namespace symphony::models::rnn {

class RnnModel : public LanguageModel {
  public:
    RnnModel(const RnnNetwork<float>& network, int start_token);

    std::string family() const override { return "rnn"; }
    int vocabulary_size() const override { return network_.sizes().vocabulary; }
    std::int64_t parameter_count() const override { return network_.layout().total; }
    int context_length() const override { return 0; }
    int start_token() const override { return start_token_; }
    void reset() override;
    std::unique_ptr<LanguageModel> copy() const override {
        return std::make_unique<RnnModel>(*this);
    }
    std::span<const float> next(int token) override;
    // Whole stretches at once: the same numbers up to rounding, several times faster.
    void for_each_logits(std::span<const int> ids, const LogitsCallback& callback) override;

  private:
    RnnNetwork<float> network_;
    int start_token_;
    std::vector<float> state_H_;
};

// config.json and model.safetensors in an existing folder.
void save_rnn(const RnnNetwork<float>& network, int start_token,
              const std::filesystem::path& folder);
// Throws Error (kModel) if a weight is missing, misshaped or not finite.
RnnNetwork<float> load_rnn_network(const std::filesystem::path& folder, int* start_token);
std::unique_ptr<RnnModel> load_rnn(const std::filesystem::path& folder);

}  // namespace symphony::models::rnn
