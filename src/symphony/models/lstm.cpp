#include "symphony/models/lstm.h"

#include "symphony/models/shared_weights_batch.h"
#include "symphony/nn/elementwise.h"
#include "symphony/nn/gemm.h"
#include "symphony/nn/lstm_layer.h"
#include "symphony/nn/rows.h"
#include "symphony/nn/weight_matrix.h"

#include <algorithm>
#include <numeric>

namespace symphony::models {

struct Lstm::Parts {
    struct Layer {
        nn::WeightMatrix w_ih, w_hh;  // (4H,I), (4H,H)
        std::vector<float> bias;
    };
    LstmConfig config;
    std::int64_t parameter_count = 0;
    nn::WeightMatrix embedding, projection, untied_output;  // (V,E), (E,H), (V,H)
    std::vector<float> output_bias_V;
    std::vector<Layer> layers;
    std::vector<float> first_gates_V4H;  // W_ih x + bias of layer 0 for every token

    const nn::WeightMatrix& output() const { return config.tied ? embedding : untied_output; }
};

namespace {

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

// Tokens worked on together when a whole piece is scored.
constexpr std::int64_t kChunk = 128;
constexpr std::size_t kLanes = 32;

}  // namespace

base::Json LstmConfig::to_json() const {
    return {{"model_type", "symphony-lstm"},
            {"vocab_size", vocabulary_size},
            {"embedding_size", embedding_size},
            {"hidden_size", hidden_size},
            {"num_layers", layers},
            {"tie_word_embeddings", tied},
            {"start_token_id", start_token}};
}

LstmConfig LstmConfig::from_json(const base::Json& json) {
    LstmConfig config;
    config.vocabulary_size = config_integer(json, "vocab_size", 1, 65536);
    config.embedding_size = config_integer(json, "embedding_size", 1, 65536);
    config.hidden_size = config_integer(json, "hidden_size", 1, 65536);
    config.layers = config_integer(json, "num_layers", 1, 128);
    config.tied = config_flag(json, "tie_word_embeddings");
    config.start_token = config_integer(json, "start_token_id", 0, config.vocabulary_size - 1);
    return config;
}

Lstm::Lstm(const LstmConfig& config, Weights weights) {
    auto parts = std::make_shared<Parts>();
    parts->config = config;
    for (const auto& [name, tensor] : weights) {
        parts->parameter_count += static_cast<std::int64_t>(tensor.values.size());
    }
    const std::int64_t vocabulary = config.vocabulary_size, width = config.hidden_size;
    const auto take_matrix = [&](const std::string& name, std::int64_t out, std::int64_t in) {
        return nn::WeightMatrix(take(weights, name, {out, in}), out, in,
                                nn::WeightPrecision::kFloat32);
    };
    parts->embedding = take_matrix("embedding.weight", vocabulary, config.embedding_size);
    for (int k = 0; k < config.layers; ++k) {
        const std::string suffix = "_l" + std::to_string(k);
        Parts::Layer layer;
        layer.w_ih = take_matrix("lstm.weight_ih" + suffix, 4 * width,
                                 k == 0 ? config.embedding_size : width);
        layer.w_hh = take_matrix("lstm.weight_hh" + suffix, 4 * width, width);
        layer.bias = take(weights, "lstm.bias" + suffix, {4 * width});
        parts->layers.push_back(std::move(layer));
    }
    if (config.has_projection()) {
        parts->projection = take_matrix("projection.weight", config.embedding_size, width);
    }
    if (!config.tied) parts->untied_output = take_matrix("output.weight", vocabulary, width);
    parts->output_bias_V = take(weights, "output.bias", {vocabulary});
    expect_all_taken(weights);

    const Parts::Layer& first = parts->layers.front();
    parts->first_gates_V4H.resize(index(vocabulary * 4 * width));
    nn::linear(parts->embedding.floats(), first.w_ih.floats(), vocabulary, first.w_ih.in(),
               4 * width, parts->first_gates_V4H.data());
    nn::add_bias_rows(first.bias.data(), vocabulary, 4 * width, parts->first_gates_V4H.data());
    parts_ = std::move(parts);
    reset();
}

int Lstm::vocabulary_size() const { return parts_->config.vocabulary_size; }
std::int64_t Lstm::parameter_count() const { return parts_->parameter_count; }
int Lstm::start_token() const { return parts_->config.start_token; }

void Lstm::reset() {
    const std::size_t width = index(parts_->config.hidden_size);
    h_.assign(index(parts_->config.layers) * width, 0.0f);
    c_ = h_;
}

void Lstm::logits_of(const float* h_NH, std::int64_t rows, std::vector<float>& projected_NE,
                     std::vector<float>& logits_NV) const {
    const LstmConfig& config = parts_->config;
    if (config.has_projection()) {
        projected_NE.resize(index(rows * config.embedding_size));
        nn::linear(h_NH, parts_->projection.floats(), rows, config.hidden_size,
                   config.embedding_size, projected_NE.data());
        h_NH = projected_NE.data();
    }
    logits_NV.resize(index(rows * config.vocabulary_size));
    nn::linear(h_NH, parts_->output().floats(), rows, config.output_size(), config.vocabulary_size,
               logits_NV.data());
    nn::add_bias_rows(parts_->output_bias_V.data(), rows, config.vocabulary_size, logits_NV.data());
}

void Lstm::read_one_each(std::span<Lstm* const> streams, std::span<const int> tokens,
                         Scratch& scratch) const {
    const LstmConfig& config = parts_->config;
    const auto rows = static_cast<std::int64_t>(streams.size());
    const std::int64_t width = config.hidden_size, gates = 4 * width;
    auto& [gates_N4H, tanh_c_H, h_NH, below_NH, projected_NE, logits_NV] = scratch;
    gates_N4H.resize(index(rows * gates));
    tanh_c_H.resize(index(width));
    for (auto* buffer : {&h_NH, &below_NH}) buffer->resize(index(rows * width));
    projected_NE.resize(index(rows * config.embedding_size));
    logits_NV.resize(index(rows * config.vocabulary_size));

    for (std::size_t k = 0; k < parts_->layers.size(); ++k) {
        const Parts::Layer& layer = parts_->layers[k];
        for (std::int64_t row = 0; row < rows; ++row) {
            const float* before = k == 0
                                      ? parts_->first_gates_V4H.data() + tokens[index(row)] * gates
                                      : layer.bias.data();
            std::copy_n(before, gates, gates_N4H.data() + row * gates);
            std::copy_n(streams[index(row)]->h_.data() + index(width) * k, width,
                        h_NH.data() + row * width);
        }
        if (k > 0) layer.w_ih.multiply(below_NH.data(), rows, 1.0f, gates_N4H.data());
        layer.w_hh.multiply(h_NH.data(), rows, 1.0f, gates_N4H.data());
        for (std::int64_t row = 0; row < rows; ++row) {
            Lstm& stream = *streams[index(row)];
            float *h = stream.h_.data() + index(width) * k,
                  *c = stream.c_.data() + index(width) * k;
            nn::lstm_cell(gates_N4H.data() + row * gates, c, index(width), c, tanh_c_H.data(), h);
            std::copy_n(h, width, below_NH.data() + row * width);
        }
    }
    const float* top = below_NH.data();
    if (config.has_projection()) {
        parts_->projection.multiply(top, rows, 0.0f, projected_NE.data());
        top = projected_NE.data();
    }
    for (std::int64_t row = 0; row < rows; ++row)
        std::copy(parts_->output_bias_V.begin(), parts_->output_bias_V.end(),
                  logits_NV.begin() + row * config.vocabulary_size);
    parts_->output().multiply(top, rows, 1.0f, logits_NV.data());
}

std::span<const float> Lstm::next(int token) {
    Lstm* const self = this;
    read_one_each({&self, 1}, {&token, 1}, scratch_);
    return scratch_.logits_NV;
}

std::unique_ptr<StreamBatch> Lstm::batch() const {
    return std::make_unique<SharedWeightsBatch<Lstm>>();
}

void Lstm::for_each_logits(std::span<const int> ids, const LogitsCallback& callback) {
    const nn::ThreadLimit single_stream(1);  // who has many pieces scores them side by side
    const std::vector<int> sequence(ids.begin(), ids.end());
    for_each_logits(std::span(&sequence, 1),
                    [&](std::size_t, std::size_t t, std::span<const float> logits_V) {
                        callback(t, logits_V);
                    });
}

void Lstm::for_each_logits(std::span<const std::vector<int>> sequences,
                           const BatchCallback& callback) const {
    // Neighbours in length share a batch, so that little is padded.
    std::vector<std::size_t> order(sequences.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return sequences[a].size() > sequences[b].size();
    });

    const LstmConfig& config = parts_->config;
    const std::int64_t width = config.hidden_size, gates = 4 * width;
    std::vector<float> gates_TBG, below_TBH, out_TBH, h_before, c_before, tanh_c, projected_NE,
        logits_NV;
    for (std::size_t begin = 0; begin < order.size(); begin += kLanes) {
        const auto lanes = static_cast<std::int64_t>(std::min(kLanes, order.size() - begin));
        const auto longest = static_cast<std::int64_t>(sequences[order[begin]].size());
        std::vector<float> h(index(config.layers * lanes * width)), c(h.size());
        for (std::int64_t first = 0; first < longest; first += kChunk) {
            const std::int64_t time = std::min(kChunk, longest - first);
            const std::size_t states = index(time * lanes * width);
            gates_TBG.resize(index(time * lanes * gates));
            for (auto* buffer : {&below_TBH, &out_TBH, &h_before, &c_before, &tanh_c}) {
                buffer->resize(states);
            }
            for (std::int64_t t = 0; t < time; ++t) {
                for (std::int64_t lane = 0; lane < lanes; ++lane) {
                    const auto& ids = sequences[order[begin + index(lane)]];
                    const std::size_t at = index(first + t);
                    const bool inside = at > 0 && at < ids.size();  // else start, or padding
                    const int token = inside ? ids[at - 1] : config.start_token;
                    std::copy_n(parts_->first_gates_V4H.data() + token * gates, gates,
                                gates_TBG.data() + (t * lanes + lane) * gates);
                }
            }
            for (std::size_t k = 0; k < parts_->layers.size(); ++k) {
                const Parts::Layer& layer = parts_->layers[k];
                if (k > 0) {
                    std::swap(below_TBH, out_TBH);
                    nn::linear(below_TBH.data(), layer.w_ih.floats(), time * lanes, width, gates,
                               gates_TBG.data());
                    nn::add_bias_rows(layer.bias.data(), time * lanes, gates, gates_TBG.data());
                }
                const std::size_t state = k * index(lanes * width);
                nn::lstm_forward(
                    {time, lanes, width}, layer.w_hh.floats(), nullptr,
                    {gates_TBG.data(), h_before.data(), c_before.data(), tanh_c.data()},
                    h.data() + state, c.data() + state, out_TBH.data());
            }
            logits_of(out_TBH.data(), time * lanes, projected_NE, logits_NV);
            const std::size_t vocabulary = index(config.vocabulary_size);
            for (std::int64_t row = 0; row < time * lanes; ++row) {
                const std::size_t sequence = order[begin + index(row % lanes)];
                const std::size_t t = index(first + row / lanes);
                if (t >= sequences[sequence].size()) continue;
                callback(sequence, t,
                         std::span(logits_NV).subspan(index(row) * vocabulary, vocabulary));
            }
        }
    }
}

std::unique_ptr<LanguageModel> load_lstm(const std::filesystem::path& folder) {
    return load_from<Lstm, LstmConfig>(folder);
}

}  // namespace symphony::models
