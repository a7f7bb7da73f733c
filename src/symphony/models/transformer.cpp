#include "symphony/models/transformer.h"

#include "symphony/models/shared_weights_batch.h"
#include "symphony/nn/gemm.h"

#include <algorithm>

namespace symphony::models {

struct Transformer::Parts {
    TransformerConfig config;
    std::int64_t parameter_count = 0;
    nn::WeightMatrix embedding, untied_output;  // (V,C)
    DecoderStack stack;

    const nn::WeightMatrix& output() const { return config.tied ? embedding : untied_output; }
    void embed(std::span<const int> ids_N, std::vector<float>& x_NC) const {
        const auto width = static_cast<std::size_t>(config.hidden_size);
        x_NC.resize(ids_N.size() * width);
        for (std::size_t i = 0; i < ids_N.size(); ++i)
            embedding.copy_row(ids_N[i], x_NC.data() + i * width);
    }
};

namespace {

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

// Windows worked on together when whole pieces are scored.
constexpr std::size_t kWindows = 8;

// Fewer tokens than this are read one after the other: a product of so few rows gains nothing.
constexpr std::size_t kFewTokens = 8;

// Which predictions of which sequence a window makes: inputs [begin, begin + T), predictions
// [keep, end).
struct Window {
    std::size_t sequence, begin, keep, end;
};

std::vector<Window> windows_of(std::span<const std::vector<int>> sequences, std::size_t context) {
    const std::size_t hop = std::max<std::size_t>(1, context / 2);
    std::vector<Window> windows;
    for (std::size_t s = 0; s < sequences.size(); ++s) {
        std::size_t done = 0;
        const std::size_t length = sequences[s].size();
        for (std::size_t begin = 0; done < length; begin += hop) {
            const std::size_t end = std::min(begin + context, length);
            windows.push_back({s, begin, done, end});
            done = end;
        }
    }
    return windows;
}

}  // namespace

Transformer::Transformer(const TransformerConfig& config, Weights weights,
                         nn::WeightPrecision precision) {
    std::int64_t parameter_count = 0;
    for (const auto& [name, tensor] : weights)
        parameter_count += static_cast<std::int64_t>(tensor.values.size());
    const nn::Shape shape{config.vocabulary_size, config.hidden_size};
    const auto take_matrix = [&](const std::string& name) {
        return nn::WeightMatrix(take(weights, name, shape), shape[0], shape[1], precision);
    };
    nn::WeightMatrix embedding = take_matrix("model.embed_tokens.weight"), output;
    if (!config.tied) output = take_matrix("lm_head.weight");
    parts_ = std::make_shared<const Parts>(
        Parts{config, parameter_count, std::move(embedding), std::move(output),
              DecoderStack(config, weights, "model.", precision)});
    expect_all_taken(weights);
    caches_ = parts_->stack.empty_caches();
}

int Transformer::vocabulary_size() const { return parts_->config.vocabulary_size; }
std::int64_t Transformer::parameter_count() const { return parts_->parameter_count; }
int Transformer::context_length() const { return parts_->config.context_length; }
int Transformer::start_token() const { return parts_->config.start_token; }

void Transformer::reset() {
    read_.clear();
    for (nn::KvCache& cache : caches_) cache.clear();
}

std::unique_ptr<LanguageModel> Transformer::copy() const {
    return std::make_unique<Transformer>(*this);
}

std::vector<float> Transformer::read_at_once(std::span<const int> tokens) {
    std::vector<float> hidden;
    parts_->embed(tokens, hidden);
    parts_->stack.forward(hidden, 1, static_cast<std::int64_t>(tokens.size()), &caches_);
    read_.assign(tokens.begin(), tokens.end());
    return {hidden.end() - parts_->config.hidden_size, hidden.end()};
}

void Transformer::drop_oldest_half() {
    const std::vector<int> kept(read_.begin() + static_cast<std::ptrdiff_t>(read_.size() / 2),
                                read_.end());
    reset();
    read_at_once(kept);
}

std::span<const float> Transformer::logits_of(const float* normed_C) {
    scratch_.logits_NV.resize(index(parts_->config.vocabulary_size));
    parts_->output().multiply(normed_C, 1, 0.0f, scratch_.logits_NV.data());
    return scratch_.logits_NV;
}

void Transformer::read_one_each(std::span<Transformer* const> streams, std::span<const int> tokens,
                                Scratch& scratch) const {
    const auto context = index(parts_->config.context_length);
    for (Transformer* stream : streams)
        if (stream->read_.size() == context) stream->drop_oldest_half();
    scratch.caches.clear();
    for (Transformer* stream : streams) scratch.caches.push_back(&stream->caches_);
    parts_->embed(tokens, scratch.stack.x_NC);
    parts_->stack.step(scratch.caches, scratch.stack);
    for (std::size_t i = 0; i < streams.size(); ++i) streams[i]->read_.push_back(tokens[i]);
    scratch.logits_NV.resize(streams.size() * index(parts_->config.vocabulary_size));
    parts_->output().multiply(scratch.stack.normed_NC.data(),
                              static_cast<std::int64_t>(streams.size()), 0.0f,
                              scratch.logits_NV.data());
}

std::span<const float> Transformer::next(int token) {
    const nn::ThreadLimit single_stream(1);
    Transformer* const self = this;
    read_one_each({&self, 1}, {&token, 1}, scratch_);
    return scratch_.logits_NV;
}

std::unique_ptr<StreamBatch> Transformer::batch() const {
    return std::make_unique<SharedWeightsBatch<Transformer>>();
}

std::span<const float> Transformer::read(std::span<const int> tokens) {
    const bool at_once = read_.empty() && tokens.size() > kFewTokens &&
                         tokens.size() <= index(parts_->config.context_length);
    if (!at_once) return LanguageModel::read(tokens);
    const nn::ThreadLimit single_stream(1);
    return logits_of(read_at_once(tokens).data());
}

void Transformer::for_each_logits(std::span<const int> ids, const LogitsCallback& callback) {
    const nn::ThreadLimit single_stream(1);  // who has many pieces scores them side by side
    const std::vector<int> sequence(ids.begin(), ids.end());
    for_each_logits(std::span(&sequence, 1),
                    [&](std::size_t, std::size_t t, std::span<const float> logits_V) {
                        callback(t, logits_V);
                    });
}

void Transformer::for_each_logits(std::span<const std::vector<int>> sequences,
                                  const BatchCallback& callback) const {
    const TransformerConfig& config = parts_->config;
    const std::size_t width = index(config.hidden_size), vocabulary = index(config.vocabulary_size);
    const auto windows = windows_of(sequences, index(config.context_length));
    std::vector<int> ids_BT;
    std::vector<float> hidden, logits_NV;
    for (std::size_t first = 0; first < windows.size(); first += kWindows) {
        const auto batch =
            std::span(windows).subspan(first, std::min(kWindows, windows.size() - first));
        std::size_t time = 0;
        for (const Window& window : batch) time = std::max(time, window.end - window.begin);
        // Inputs are the start token and all ids but the last; what pads the end is never seen by
        // what comes before it.
        ids_BT.assign(batch.size() * time, config.start_token);
        for (std::size_t b = 0; b < batch.size(); ++b) {
            const auto& ids = sequences[batch[b].sequence];
            for (std::size_t t = batch[b].begin; t < batch[b].end; ++t) {
                if (t > 0) ids_BT[b * time + t - batch[b].begin] = ids[t - 1];
            }
        }
        parts_->embed(ids_BT, hidden);
        parts_->stack.forward(hidden, static_cast<std::int64_t>(batch.size()),
                              static_cast<std::int64_t>(time), nullptr);
        for (std::size_t b = 0; b < batch.size(); ++b) {
            const Window& window = batch[b];
            const std::size_t rows = window.end - window.keep;
            logits_NV.resize(rows * vocabulary);
            parts_->output().multiply_rows(
                hidden.data() + (b * time + window.keep - window.begin) * width,
                static_cast<std::int64_t>(rows), 0.0f, logits_NV.data());
            for (std::size_t row = 0; row < rows; ++row) {
                callback(window.sequence, window.keep + row,
                         std::span(logits_NV).subspan(row * vocabulary, vocabulary));
            }
        }
    }
}

std::unique_ptr<LanguageModel> load_transformer(const std::filesystem::path& folder,
                                                nn::WeightPrecision precision) {
    return load_from<Transformer, TransformerConfig>(folder, precision);
}

}  // namespace symphony::models
