// midi-model (SkyTNT): two Llamas, one over events and one over the ids of an event. The first
// reads each event as the sum of its ids' vectors, padding included; what it says after an event
// begins a short sequence of the second, which predicts the next event's ids in turn. Our stream
// has the ids without padding.
#pragma once

#include "symphony/models/decoder_stack.h"
#include "symphony/models/language_model.h"
#include "symphony/models/transformer_config.h"

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace symphony::models {

struct EventRowsConfig {
    TransformerConfig net, net_token;  // of one vocabulary and width
    int row_length = 8;                // ids of an event, padded
    int pad = 0;
    std::map<int, int> lengths;  // of an event by its first id, without padding

    int start_token() const { return net.start_token; }
    base::Json to_json() const;
    // Throws Error (kModel) if a field is missing or out of range.
    static EventRowsConfig from_json(const base::Json& config);
};

// Copies share the weights and have caches of their own.
class EventRowsModel : public LanguageModel {
  public:
    // Weights: net. and net_token., each as DecoderStack and its embed_tokens.weight, and
    // lm_head.weight. Throws Error (kModel) if one is missing, misshapen or unknown.
    EventRowsModel(const EventRowsConfig& config, Weights weights, nn::WeightPrecision precision);

    std::string family() const override { return "event-rows"; }
    int vocabulary_size() const override;
    std::int64_t parameter_count() const override;
    // In ids, as if every event were as long as any.
    int context_length() const override;
    int start_token() const override;
    void reset() override;
    std::unique_ptr<LanguageModel> copy() const override;
    std::span<const float> next(int token) override;
    std::span<const float> read(std::span<const int> tokens) override;

  private:
    struct Parts;
    // Takes an id; true if it completes a row, which is then the last of rows_.
    bool absorb(int token);
    // The first network reads the last `count` of rows_, into empty caches if that is all of them.
    void read_rows(std::size_t count);
    void drop_oldest_half();
    void embed_row(std::span<const int> row, float* x_C) const;
    // The second network reads what the first one said, then the ids of the row begun.
    void begin_row();
    void step_token(int token);
    std::span<const float> logits();

    std::shared_ptr<const Parts> parts_;
    std::vector<std::vector<int>> rows_;  // in net's caches, padded
    std::vector<int> row_;                // begun
    DecoderStack::Caches net_caches_, token_caches_;
    std::vector<float> hidden_C_;  // what net said after the last row
    DecoderStack::Scratch scratch_;
    std::vector<float> logits_V_;
};

// From config.json and model.safetensors. Throws Error (kModel) if either is missing or damaged.
std::unique_ptr<LanguageModel> load_event_rows(const std::filesystem::path& folder,
                                               nn::WeightPrecision precision);

}  // namespace symphony::models
