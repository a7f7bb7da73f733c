#include "symphony/models/event_rows_model.h"

#include "symphony/base/error.h"
#include "symphony/nn/elementwise.h"
#include "symphony/nn/gemm.h"

#include <algorithm>

namespace symphony::models {

struct EventRowsModel::Parts {
    EventRowsConfig config;
    std::int64_t parameter_count = 0;
    nn::WeightMatrix net_embedding, token_embedding, head;  // (V,C)
    DecoderStack net, net_token;
};

namespace {

[[noreturn]] void fail(const std::string& message) {
    throw base::Error(base::ErrorKind::kModel, message);
}

std::size_t width_of(const EventRowsConfig& config) {
    return static_cast<std::size_t>(config.net.hidden_size);
}

void clear(DecoderStack::Caches& caches) {
    for (nn::KvCache& cache : caches) cache.clear();
}

}  // namespace

base::Json EventRowsConfig::to_json() const {
    base::Json events = base::Json::object();
    for (const auto& [id, length] : lengths) events[std::to_string(id)] = length;
    return {{"model_type", "symphony-event-rows"},
            {"row_length", row_length},
            {"pad_token_id", pad},
            {"event_lengths", events},
            {"net", net.to_json()},
            {"net_token", net_token.to_json()}};
}

EventRowsConfig EventRowsConfig::from_json(const base::Json& json) {
    EventRowsConfig config;
    config.row_length = config_integer(json, "row_length", 1, 64);
    for (const char* part : {"net", "net_token", "event_lengths"})
        if (!json.contains(part) || !json[part].is_object())
            fail("config.json lacks \"" + std::string(part) + "\"");
    config.net = TransformerConfig::from_json(json["net"]);
    config.net_token = TransformerConfig::from_json(json["net_token"]);
    if (config.net.hidden_size != config.net_token.hidden_size ||
        config.net.vocabulary_size != config.net_token.vocabulary_size)
        fail("config.json: \"net\" and \"net_token\" differ in width or vocabulary");
    config_integer(json["net_token"], "max_position_embeddings", config.row_length, kMostPositions);
    config.pad = config_integer(json, "pad_token_id", 0, config.net.vocabulary_size - 1);
    for (const auto& [name, length] : json["event_lengths"].items()) {
        const bool number =
            !name.empty() && name.size() < 7 &&
            std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
        if (!number) fail("config.json: event_lengths has \"" + name + "\", expected token ids");
        config.lengths[std::stoi(name)] =
            config_integer(json["event_lengths"], name, 1, config.row_length);
    }
    return config;
}

EventRowsModel::EventRowsModel(const EventRowsConfig& config, Weights weights,
                               nn::WeightPrecision precision) {
    std::int64_t parameter_count = 0;
    for (const auto& [name, tensor] : weights)
        parameter_count += static_cast<std::int64_t>(tensor.values.size());
    const nn::Shape shape{config.net.vocabulary_size, config.net.hidden_size};
    const auto take_matrix = [&](const std::string& name) {
        return nn::WeightMatrix(take(weights, name, shape), shape[0], shape[1], precision);
    };
    parts_ = std::make_shared<const Parts>(
        Parts{config, parameter_count, take_matrix("net.embed_tokens.weight"),
              take_matrix("net_token.embed_tokens.weight"), take_matrix("lm_head.weight"),
              DecoderStack(config.net, weights, "net.", precision),
              DecoderStack(config.net_token, weights, "net_token.", precision)});
    expect_all_taken(weights);
    net_caches_ = parts_->net.empty_caches();
    token_caches_ = parts_->net_token.empty_caches();
    hidden_C_.resize(width_of(config));
}

int EventRowsModel::vocabulary_size() const { return parts_->config.net.vocabulary_size; }
std::int64_t EventRowsModel::parameter_count() const { return parts_->parameter_count; }
int EventRowsModel::start_token() const { return parts_->config.start_token(); }
int EventRowsModel::context_length() const {
    return parts_->config.net.context_length * parts_->config.row_length;
}

void EventRowsModel::reset() {
    rows_.clear();
    row_.clear();
    clear(net_caches_);
    clear(token_caches_);
}

std::unique_ptr<LanguageModel> EventRowsModel::copy() const {
    return std::make_unique<EventRowsModel>(*this);
}

bool EventRowsModel::absorb(int token) {
    row_.push_back(token);
    const auto& lengths = parts_->config.lengths;
    const auto known = lengths.find(row_.front());
    const int length = known == lengths.end() ? 1 : known->second;
    if (static_cast<int>(row_.size()) < length) return false;
    row_.resize(static_cast<std::size_t>(parts_->config.row_length), parts_->config.pad);
    rows_.push_back(std::move(row_));
    row_.clear();
    return true;
}

void EventRowsModel::embed_row(std::span<const int> row, float* x_C) const {
    const std::size_t width = width_of(parts_->config);
    std::vector<float> vector(width);
    std::fill_n(x_C, width, 0.0f);
    for (const int id : row) {
        parts_->net_embedding.copy_row(id, vector.data());
        nn::add_scaled(1.0f, vector.data(), x_C, width);
    }
}

void EventRowsModel::read_rows(std::size_t count) {
    const std::size_t width = width_of(parts_->config), first = rows_.size() - count;
    std::vector<float> x(count * width);
    for (std::size_t i = 0; i < count; ++i) embed_row(rows_[first + i], x.data() + i * width);
    if (first == 0) {
        clear(net_caches_);
        parts_->net.forward(x, 1, static_cast<std::int64_t>(count), &net_caches_);
        std::copy(x.end() - static_cast<std::ptrdiff_t>(width), x.end(), hidden_C_.begin());
        return;
    }
    DecoderStack::Caches* caches = &net_caches_;
    for (std::size_t i = 0; i < count; ++i) {
        scratch_.x_NC.assign(x.begin() + static_cast<std::ptrdiff_t>(i * width),
                             x.begin() + static_cast<std::ptrdiff_t>((i + 1) * width));
        parts_->net.step({&caches, 1}, scratch_);
    }
    hidden_C_ = scratch_.normed_NC;
}

void EventRowsModel::drop_oldest_half() {
    const auto context = static_cast<std::size_t>(parts_->config.net.context_length);
    while (rows_.size() > context)
        rows_.erase(rows_.begin(), rows_.begin() + static_cast<std::ptrdiff_t>(context / 2));
}

void EventRowsModel::begin_row() {
    clear(token_caches_);
    DecoderStack::Caches* caches = &token_caches_;
    scratch_.x_NC = hidden_C_;
    parts_->net_token.step({&caches, 1}, scratch_);
}

void EventRowsModel::step_token(int token) {
    DecoderStack::Caches* caches = &token_caches_;
    scratch_.x_NC.resize(width_of(parts_->config));
    parts_->token_embedding.copy_row(token, scratch_.x_NC.data());
    parts_->net_token.step({&caches, 1}, scratch_);
}

std::span<const float> EventRowsModel::logits() {
    logits_V_.resize(static_cast<std::size_t>(vocabulary_size()));
    parts_->head.multiply(scratch_.normed_NC.data(), 1, 0.0f, logits_V_.data());
    return logits_V_;
}

std::span<const float> EventRowsModel::next(int token) {
    const nn::ThreadLimit single_stream(1);
    if (!absorb(token)) {
        step_token(token);
        return logits();
    }
    const std::size_t before = rows_.size();
    drop_oldest_half();
    read_rows(rows_.size() < before ? rows_.size() : 1);
    begin_row();
    return logits();
}

std::span<const float> EventRowsModel::read(std::span<const int> tokens) {
    if (!rows_.empty() || !row_.empty()) return LanguageModel::read(tokens);
    const nn::ThreadLimit single_stream(1);
    for (const int token : tokens) absorb(token);
    // Nothing is said before the first row; what there is of it waits.
    if (rows_.empty()) return LanguageModel::read((reset(), tokens));
    drop_oldest_half();
    read_rows(rows_.size());
    begin_row();
    for (const int token : row_) step_token(token);
    return logits();
}

std::unique_ptr<LanguageModel> load_event_rows(const std::filesystem::path& folder,
                                               nn::WeightPrecision precision) {
    return load_from<EventRowsModel, EventRowsConfig>(folder, precision);
}

}  // namespace symphony::models
