// The Anticipatory Music Transformer (Thickstun et al., TMLR 2024) behind our stream of tokens:
// events of three ids (time, duration, note) whose times are counted modulo the number of time ids.
// The network sees a window of whole events with times from the window's first one on; its answers
// are turned back.
#pragma once

#include "symphony/models/language_model.h"
#include "symphony/models/transformer.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace symphony::models {

class AnticipationModel : public LanguageModel {
  public:
    // Ids below `times` are times; `network` has a start token (the id that says: no controls) and
    // room for an event at least.
    AnticipationModel(Transformer network, int times);

    std::string family() const override { return "anticipation"; }
    int vocabulary_size() const override { return network_.vocabulary_size(); }
    std::int64_t parameter_count() const override { return network_.parameter_count(); }
    int context_length() const override { return network_.context_length(); }
    int start_token() const override { return network_.start_token(); }
    void reset() override;
    std::unique_ptr<LanguageModel> copy() const override;
    // The reference slides its window by an event and reads it anew each time; here the oldest half
    // goes once it is full, or spans more time than there are ids for.
    std::span<const float> next(int token) override;
    std::span<const float> read(std::span<const int> tokens) override;

  private:
    struct Event {
        std::int64_t time = 0;
        std::vector<int> rest;  // duration and note, as far as they came
    };
    // Puts a token into the window; true if what the network has read is no longer it.
    bool absorb(int token);
    std::span<const float> read_window();
    // Logits by the ids of the stream.
    std::span<const float> turned(std::span<const float> logits_V);
    bool at_event() const { return window_.empty() || window_.back().rest.size() == 2; }

    Transformer network_;
    int times_;
    std::vector<Event> window_;
    std::int64_t offset_ = 0;    // what the network's times count from
    std::int64_t position_ = 0;  // time of the last event
    bool began_ = false;         // the start token was read
    std::vector<float> logits_V_;
};

// From config.json and model.safetensors. Throws Error (kModel) if either is missing or damaged.
std::unique_ptr<LanguageModel> load_anticipation(const std::filesystem::path& folder,
                                                 nn::WeightPrecision precision);

// The config.json of such a folder.
base::Json anticipation_config(const TransformerConfig& network, int times);

}  // namespace symphony::models
