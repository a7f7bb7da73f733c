#include "symphony/models/anticipation_model.h"

#include <algorithm>

namespace symphony::models {

namespace {

constexpr std::size_t kEventTokens = 3;

// What load_from reads.
struct AnticipationConfig {
    TransformerConfig network;
    int times = 0;

    static AnticipationConfig from_json(const base::Json& json) {
        if (!json.contains("transformer"))
            throw base::Error(base::ErrorKind::kModel, "config.json lacks \"transformer\"");
        AnticipationConfig config{TransformerConfig::from_json(json["transformer"]), 0};
        config.times = config_integer(json, "time_tokens", 1, config.network.vocabulary_size);
        config_integer(json["transformer"], "max_position_embeddings", 1 + kEventTokens,
                       kMostPositions);
        return config;
    }
};

struct Loaded : AnticipationModel {
    Loaded(const AnticipationConfig& config, Weights weights, nn::WeightPrecision precision)
        : AnticipationModel(Transformer(config.network, std::move(weights), precision),
                            config.times) {}
};

}  // namespace

AnticipationModel::AnticipationModel(Transformer network, int times)
    : network_(std::move(network)), times_(times) {}

void AnticipationModel::reset() {
    network_.reset();
    window_.clear();
    offset_ = position_ = 0;
    began_ = false;
}

std::unique_ptr<LanguageModel> AnticipationModel::copy() const {
    return std::make_unique<AnticipationModel>(*this);
}

bool AnticipationModel::absorb(int token) {
    if (!at_event()) {
        window_.back().rest.push_back(token);
        // The event is whole: the times of what was read begin with the first one's.
        return at_event() && offset_ != window_.front().time;
    }
    const std::int64_t wait = (token - position_ % times_ + times_) % times_;
    position_ += wait;
    const std::size_t room =
        (static_cast<std::size_t>(network_.context_length()) - 1) / kEventTokens;
    bool dropped = false;
    while (!window_.empty() &&
           (window_.size() >= room || position_ - window_.front().time >= times_)) {
        window_.erase(window_.begin(),
                      window_.begin() + static_cast<std::ptrdiff_t>((window_.size() + 1) / 2));
        dropped = true;
    }
    if (dropped) offset_ = window_.empty() ? position_ : window_.front().time;
    window_.push_back({position_, {}});
    return dropped;
}

std::span<const float> AnticipationModel::read_window() {
    if (at_event() || window_.size() > 1) offset_ = window_.empty() ? 0 : window_.front().time;
    std::vector<int> tokens;
    if (began_) tokens.push_back(network_.start_token());
    for (const Event& event : window_) {
        tokens.push_back(static_cast<int>(event.time - offset_));
        tokens.insert(tokens.end(), event.rest.begin(), event.rest.end());
    }
    network_.reset();
    return turned(network_.read(tokens));
}

std::span<const float> AnticipationModel::turned(std::span<const float> logits_V) {
    logits_V_.assign(logits_V.begin(), logits_V.end());
    const std::int64_t shift = offset_ % times_;
    if (at_event() && shift != 0)
        std::rotate_copy(logits_V.begin(), logits_V.begin() + (times_ - shift),
                         logits_V.begin() + times_, logits_V_.begin());
    return logits_V_;
}

std::span<const float> AnticipationModel::next(int token) {
    if (token == start_token()) {
        began_ = true;
        return turned(network_.next(token));
    }
    const bool is_time = at_event();
    // What is no time where one is due ends the piece: nothing of it is placed.
    if (is_time && token >= times_) return turned(network_.next(token));
    if (absorb(token)) return read_window();
    return turned(network_.next(is_time ? static_cast<int>(position_ - offset_) : token));
}

std::span<const float> AnticipationModel::read(std::span<const int> tokens) {
    bool plain = !began_ && tokens.size() > kEventTokens && tokens.front() == start_token();
    for (std::size_t i = 1; plain && i < tokens.size(); i += kEventTokens)
        plain = tokens[i] < times_;
    if (!plain) return LanguageModel::read(tokens);
    began_ = true;
    for (const int token : tokens.subspan(1)) absorb(token);
    return read_window();
}

std::unique_ptr<LanguageModel> load_anticipation(const std::filesystem::path& folder,
                                                 nn::WeightPrecision precision) {
    return load_from<Loaded, AnticipationConfig>(folder, precision);
}

base::Json anticipation_config(const TransformerConfig& network, int times) {
    return {{"model_type", "symphony-anticipation"},
            {"time_tokens", times},
            {"transformer", network.to_json()}};
}

}  // namespace symphony::models
