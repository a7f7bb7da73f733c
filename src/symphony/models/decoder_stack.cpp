#include "symphony/models/decoder_stack.h"

#include "symphony/nn/elementwise.h"
#include "symphony/nn/gelu.h"
#include "symphony/nn/layer_norm.h"
#include "symphony/nn/rows.h"

#include <algorithm>

namespace symphony::models {

namespace {

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

nn::RopeTable rope_table(const TransformerConfig& config) {
    const bool turns = config.positions == Positions::kRope;
    return nn::RopeTable(turns ? config.context_length : 0, config.head_size(), config.rope_theta);
}

// Where each row's window of keys begins, for a window shorter than the rows; else empty.
std::vector<std::int32_t> window_starts(std::int64_t batch_size, std::int64_t time,
                                        std::int64_t window) {
    std::vector<std::int32_t> starts;
    if (window == 0 || window >= time) return starts;
    for (std::int64_t row = 0; row < batch_size * time; ++row)
        starts.push_back(
            static_cast<std::int32_t>(std::max<std::int64_t>(0, row % time - window + 1)));
    return starts;
}

}  // namespace

DecoderStack::DecoderStack(const TransformerConfig& config, Weights& weights,
                           const std::string& prefix, nn::WeightPrecision precision)
    : config_(config),
      bf16_cache_(precision != nn::WeightPrecision::kFloat32),
      rope_(rope_table(config)) {
    const std::int64_t width = config.hidden_size, inner = config.intermediate_size;
    const std::int64_t queries = config.query_width(), keys = config.key_width();
    const bool gated = config.activation == Activation::kSwiglu;
    if (config.positions == Positions::kLearned)
        positions_PC_ =
            take(weights, prefix + "embed_positions.weight", {config.context_length, width});
    for (int k = 0; k < config.layers; ++k) {
        const std::string at = prefix + "layers." + std::to_string(k) + ".";
        const std::string attention = at + "self_attn.", mlp = at + "mlp.";
        const float scale = config.inverse_layer_scale ? 1.0f / static_cast<float>(k + 1) : 1.0f;
        Layer layer;
        layer.input_norm = take_norm(weights, at + "input_layernorm");
        layer.qkv = take_linear(weights,
                                {{attention + "q_proj", queries, scale},
                                 {attention + "k_proj", keys},
                                 {attention + "v_proj", keys}},
                                width, config.attention_bias, precision);
        layer.output = take_linear(weights, {{attention + "o_proj", width}}, queries,
                                   config.attention_bias, precision);
        layer.post_norm = take_norm(weights, at + "post_attention_layernorm");
        std::vector<LinearPart> up;
        if (gated) up.push_back({mlp + "gate_proj", inner});
        up.push_back({mlp + "up_proj", inner});
        layer.up = take_linear(weights, up, width, config.mlp_bias, precision);
        layer.down =
            take_linear(weights, {{mlp + "down_proj", width}}, inner, config.mlp_bias, precision);
        layers_.push_back(std::move(layer));
    }
    norm_ = take_norm(weights, prefix + "norm");
}

DecoderStack::NormWeights DecoderStack::take_norm(Weights& weights, const std::string& name) const {
    NormWeights norm{take(weights, name + ".weight", {config_.hidden_size}), {}};
    if (config_.norm == Norm::kLayer)
        norm.bias_C = take(weights, name + ".bias", {config_.hidden_size});
    return norm;
}

DecoderStack::Caches DecoderStack::empty_caches() const {
    return Caches(layers_.size(),
                  nn::KvCache(config_.key_head_count(), config_.head_size(), bf16_cache_));
}

std::int64_t DecoderStack::inner_width() const {
    return config_.intermediate_size * (config_.activation == Activation::kSwiglu ? 2 : 1);
}

void DecoderStack::norm_row(const NormWeights& norm, const float* x_C, float* out_C) const {
    const auto width = index(config_.hidden_size);
    const auto epsilon = static_cast<float>(config_.epsilon);
    if (config_.norm == Norm::kRms)
        nn::rms_norm(x_C, norm.weight_C.data(), width, epsilon, out_C);
    else
        nn::layer_norm(x_C, norm.weight_C.data(), norm.bias_C.data(), width, epsilon, out_C);
}

void DecoderStack::norm_rows(const NormWeights& norm, const float* x_NC, std::int64_t rows,
                             float* out_NC) const {
    const auto epsilon = static_cast<float>(config_.epsilon);
    if (config_.norm == Norm::kRms)
        nn::rms_norm_rows(x_NC, norm.weight_C.data(), rows, config_.hidden_size, epsilon, out_NC,
                          nullptr);
    else
        nn::layer_norm_rows(x_NC, norm.weight_C.data(), norm.bias_C.data(), rows,
                            config_.hidden_size, epsilon, out_NC);
}

void DecoderStack::turn(float* qkv, std::int64_t position) const {
    if (config_.positions != Positions::kRope) return;
    const std::int64_t size = config_.head_size();
    for (std::int64_t head = 0; head < config_.heads + config_.key_head_count(); ++head)
        nn::rope(qkv + head * size, rope_.cosines_of(position), rope_.sines_of(position),
                 index(size), 1.0f);
}

std::vector<float> DecoderStack::repeated_heads(const std::vector<float>& qkv,
                                                std::int64_t rows) const {
    const std::int64_t queries = config_.query_width(), size = config_.head_size();
    const std::int64_t group = config_.heads / config_.key_head_count();
    std::vector<float> repeated(index(rows * 3 * queries));
    for (std::int64_t row = 0; row < rows; ++row) {
        const float* from = qkv.data() + row * qkv_width();
        float* to = std::copy_n(from, queries, repeated.data() + row * 3 * queries);
        from += queries;
        for (std::int64_t head = 0; head < 2 * config_.key_head_count(); ++head, from += size)
            for (std::int64_t g = 0; g < group; ++g) to = std::copy_n(from, size, to);
    }
    return repeated;
}

void DecoderStack::activate_rows(const float* inner, std::int64_t rows, float* out_NI) const {
    switch (config_.activation) {
        case Activation::kSwiglu:
            nn::swiglu_rows(inner, rows, config_.intermediate_size, out_NI);
            break;
        case Activation::kGeluTanh:
            nn::gelu_tanh_rows(inner, rows, config_.intermediate_size, out_NI);
            break;
        case Activation::kGeluErf:
            nn::gelu_erf_rows(inner, rows, config_.intermediate_size, out_NI);
            break;
    }
}

void DecoderStack::forward(std::vector<float>& x, std::int64_t batch_size, std::int64_t time,
                           Caches* caches) const {
    const std::int64_t rows = batch_size * time, width = config_.hidden_size;
    const std::int64_t queries = config_.query_width(), keys = config_.key_width();
    const nn::AttentionShape shape{batch_size, time, config_.heads, config_.head_size()};
    const bool grouped = config_.key_head_count() != config_.heads;
    const auto starts = window_starts(batch_size, time, config_.sliding_window);
    const std::int32_t* segment_starts = starts.empty() ? nullptr : starts.data();
    std::vector<float> normed(x.size()), attended(index(rows * queries));
    std::vector<float> qkv(index(rows * qkv_width())), inner(index(rows * inner_width())),
        activated(index(rows * config_.intermediate_size));

    if (!positions_PC_.empty())
        for (std::int64_t row = 0; row < rows; ++row)
            nn::add_scaled(1.0f, positions_PC_.data() + row % time * width, x.data() + row * width,
                           index(width));
    for (std::size_t k = 0; k < layers_.size(); ++k) {
        const Layer& layer = layers_[k];
        norm_rows(layer.input_norm, x.data(), rows, normed.data());
        layer.qkv.multiply_rows(normed.data(), rows, 0.0f, qkv.data());
        if (!grouped && config_.positions == Positions::kRope)
            nn::rope_queries_and_keys(shape, rope_, 1.0f, qkv.data());
        else
            for (std::int64_t row = 0; row < rows; ++row)
                turn(qkv.data() + row * qkv_width(), row % time);
        if (caches != nullptr) {
            for (std::int64_t t = 0; t < time; ++t) {
                const float* key = qkv.data() + t * qkv_width() + queries;
                (*caches)[k].append(key, key + keys);
            }
        }
        nn::causal_attention(shape, grouped ? repeated_heads(qkv, rows).data() : qkv.data(),
                             segment_starts, attended.data(), nullptr);
        layer.output.multiply_rows(attended.data(), rows, 1.0f, x.data());
        norm_rows(layer.post_norm, x.data(), rows, normed.data());
        layer.up.multiply_rows(normed.data(), rows, 0.0f, inner.data());
        activate_rows(inner.data(), rows, activated.data());
        layer.down.multiply_rows(activated.data(), rows, 1.0f, x.data());
    }
    norm_rows(norm_, x.data(), rows, normed.data());
    x = std::move(normed);
}

void DecoderStack::step(std::span<Caches* const> caches, Scratch& scratch) const {
    const auto rows = static_cast<std::int64_t>(caches.size());
    const std::int64_t width = config_.hidden_size, queries = config_.query_width();
    const std::int64_t keys = config_.key_width();
    const std::int64_t group = config_.heads / config_.key_head_count();
    auto& [x, normed, qkv, attended, inner, activated] = scratch;
    normed.resize(index(rows * width));
    attended.resize(index(rows * queries));
    qkv.resize(index(rows * qkv_width()));
    inner.resize(index(rows * inner_width()));
    activated.resize(index(rows * config_.intermediate_size));
    const auto norm_all = [&](const NormWeights& norm) {
        for (std::int64_t row = 0; row < rows; ++row)
            norm_row(norm, x.data() + row * width, normed.data() + row * width);
    };

    if (!positions_PC_.empty())
        for (std::int64_t row = 0; row < rows; ++row)
            nn::add_scaled(1.0f,
                           positions_PC_.data() + caches[index(row)]->front().length() * width,
                           x.data() + row * width, index(width));
    for (std::size_t k = 0; k < layers_.size(); ++k) {
        const Layer& layer = layers_[k];
        norm_all(layer.input_norm);
        layer.qkv.multiply(normed.data(), rows, 0.0f, qkv.data());
        for (std::int64_t row = 0; row < rows; ++row) {
            nn::KvCache& cache = (*caches[index(row)])[k];
            float* query = qkv.data() + row * qkv_width();
            turn(query, cache.length());
            cache.append(query + queries, query + queries + keys);
            cache.attend(query, attended.data() + row * queries, group, config_.sliding_window);
        }
        layer.output.multiply(attended.data(), rows, 1.0f, x.data());
        norm_all(layer.post_norm);
        layer.up.multiply(normed.data(), rows, 0.0f, inner.data());
        activate_rows(inner.data(), rows, activated.data());
        layer.down.multiply(activated.data(), rows, 1.0f, x.data());
    }
    norm_all(norm_);
}

}  // namespace symphony::models
