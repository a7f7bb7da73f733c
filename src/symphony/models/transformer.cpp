#include "symphony/models/transformer.h"

#include "symphony/base/error.h"
#include "symphony/nn/elementwise.h"
#include "symphony/nn/gemm.h"
#include "symphony/nn/rows.h"

#include <algorithm>

namespace symphony::models {

struct Transformer::Parts {
    struct Layer {
        std::vector<float> input_norm_C, qkv, output_CC, post_norm_C, gate_up, down_CI;
    };
    TransformerConfig config;
    std::int64_t parameter_count = 0;
    std::vector<float> embedding_VC, output_VC, norm_C;
    std::vector<Layer> layers;
    nn::RopeTable rope;

    const float* output_weights() const {
        return config.tied ? embedding_VC.data() : output_VC.data();
    }
};

namespace {

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

// Windows worked on together when whole pieces are scored.
constexpr std::size_t kWindows = 8;

void append(std::vector<float>& to, std::vector<float> from) {
    to.insert(to.end(), from.begin(), from.end());
}

// y (N,O) += x (N,I) x weight (O,I) transposed.
void add_linear(const std::vector<float>& x, const std::vector<float>& weight, std::int64_t rows,
                std::int64_t in, std::int64_t out, float* y) {
    nn::gemm(nn::Op::kPlain, nn::Op::kTransposed, rows, out, in, x.data(), in, weight.data(), in,
             1.0f, y, out);
}

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

base::Json TransformerConfig::to_json() const {
    return {{"architectures", {"LlamaForCausalLM"}},
            {"model_type", "llama"},
            {"vocab_size", vocabulary_size},
            {"hidden_size", hidden_size},
            {"intermediate_size", intermediate_size},
            {"num_hidden_layers", layers},
            {"num_attention_heads", heads},
            {"num_key_value_heads", heads},
            {"max_position_embeddings", context_length},
            {"rope_theta", rope_theta},
            {"rms_norm_eps", epsilon},
            {"hidden_act", "silu"},
            {"attention_bias", false},
            {"mlp_bias", false},
            {"tie_word_embeddings", tied},
            {"bos_token_id", start_token},
            {"eos_token_id", start_token},
            {"torch_dtype", "float32"}};
}

TransformerConfig TransformerConfig::from_json(const base::Json& json) {
    TransformerConfig config;
    config.vocabulary_size = config_integer(json, "vocab_size", 1, 65536);
    config.hidden_size = config_integer(json, "hidden_size", 2, 65536);
    config.intermediate_size = config_integer(json, "intermediate_size", 1, 262144);
    config.layers = config_integer(json, "num_hidden_layers", 1, 128);
    config.heads = config_integer(json, "num_attention_heads", 1, 1024);
    config.context_length = config_integer(json, "max_position_embeddings", 2, 65536);
    config.rope_theta = config_number(json, "rope_theta", 1.0, 1e9);
    config.epsilon = config_number(json, "rms_norm_eps", 0.0, 1.0);
    config.tied = config_flag(json, "tie_word_embeddings");
    config.start_token = config_integer(json, "bos_token_id", 0, config.vocabulary_size - 1);
    config_integer(json, "num_key_value_heads", config.heads, config.heads);
    const bool silu = json.contains("hidden_act") && json["hidden_act"] == "silu";
    if (!silu || config.hidden_size % (2 * config.heads) != 0) {
        throw base::Error(base::ErrorKind::kModel,
                          "config.json: expected hidden_act silu, and hidden_size a multiple of "
                          "twice num_attention_heads");
    }
    return config;
}

Transformer::Transformer(const TransformerConfig& config, Weights weights) {
    auto parts = std::make_shared<Parts>(
        Parts{.config = config,
              .rope = nn::RopeTable(config.context_length, config.head_size(), config.rope_theta)});
    for (const auto& [name, tensor] : weights) {
        parts->parameter_count += static_cast<std::int64_t>(tensor.values.size());
    }
    const std::int64_t width = config.hidden_size, inner = config.intermediate_size;
    parts->embedding_VC =
        take(weights, "model.embed_tokens.weight", {config.vocabulary_size, width});
    for (int k = 0; k < config.layers; ++k) {
        const std::string at = "model.layers." + std::to_string(k) + ".";
        Parts::Layer layer;
        layer.input_norm_C = take(weights, at + "input_layernorm.weight", {width});
        for (const char* name : {"q_proj", "k_proj", "v_proj"}) {
            append(layer.qkv, take(weights, at + "self_attn." + name + ".weight", {width, width}));
        }
        layer.output_CC = take(weights, at + "self_attn.o_proj.weight", {width, width});
        layer.post_norm_C = take(weights, at + "post_attention_layernorm.weight", {width});
        for (const char* name : {"gate_proj", "up_proj"}) {
            append(layer.gate_up, take(weights, at + "mlp." + name + ".weight", {inner, width}));
        }
        layer.down_CI = take(weights, at + "mlp.down_proj.weight", {width, inner});
        parts->layers.push_back(std::move(layer));
    }
    parts->norm_C = take(weights, "model.norm.weight", {width});
    if (!config.tied) {
        parts->output_VC = take(weights, "lm_head.weight", {config.vocabulary_size, width});
    }
    expect_all_taken(weights);
    parts_ = std::move(parts);
    reset();
}

int Transformer::vocabulary_size() const { return parts_->config.vocabulary_size; }
std::int64_t Transformer::parameter_count() const { return parts_->parameter_count; }
int Transformer::context_length() const { return parts_->config.context_length; }
int Transformer::start_token() const { return parts_->config.start_token; }

void Transformer::reset() {
    read_.clear();
    caches_.resize(parts_->layers.size());
    for (Cache& cache : caches_) {  // whose memory is kept
        cache.keys.clear();
        cache.values.clear();
    }
}

std::vector<float> Transformer::forward(std::span<const int> ids_BT, std::int64_t batch_size,
                                        std::int64_t time, std::vector<Cache>* caches) const {
    const TransformerConfig& config = parts_->config;
    const std::int64_t rows = batch_size * time, width = config.hidden_size;
    const std::int64_t inner = config.intermediate_size;
    const auto epsilon = static_cast<float>(config.epsilon);
    const nn::AttentionShape shape{batch_size, time, config.heads, config.head_size()};
    std::vector<float> x(index(rows * width)), normed(x.size()), attended(x.size());
    std::vector<float> qkv(index(rows * 3 * width)), gate_up(index(rows * 2 * inner)),
        activated(index(rows * inner));

    nn::gather_rows(parts_->embedding_VC.data(), ids_BT.data(), rows, width, x.data());
    for (std::size_t k = 0; k < parts_->layers.size(); ++k) {
        const Parts::Layer& layer = parts_->layers[k];
        nn::rms_norm_rows(x.data(), layer.input_norm_C.data(), rows, width, epsilon, normed.data(),
                          nullptr);
        nn::linear(normed.data(), layer.qkv.data(), rows, width, 3 * width, qkv.data());
        nn::rope_queries_and_keys(shape, parts_->rope, 1.0f, qkv.data());
        if (caches != nullptr) {
            for (std::int64_t t = 0; t < time; ++t) {
                const float* key = qkv.data() + (3 * t + 1) * width;
                Cache& cache = (*caches)[k];
                cache.keys.insert(cache.keys.end(), key, key + width);
                cache.values.insert(cache.values.end(), key + width, key + 2 * width);
            }
        }
        nn::causal_attention(shape, qkv.data(), nullptr, attended.data(), nullptr);
        add_linear(attended, layer.output_CC, rows, width, width, x.data());
        nn::rms_norm_rows(x.data(), layer.post_norm_C.data(), rows, width, epsilon, normed.data(),
                          nullptr);
        nn::linear(normed.data(), layer.gate_up.data(), rows, width, 2 * inner, gate_up.data());
        nn::swiglu_rows(gate_up.data(), rows, inner, activated.data());
        add_linear(activated, layer.down_CI, rows, inner, width, x.data());
    }
    nn::rms_norm_rows(x.data(), parts_->norm_C.data(), rows, width, epsilon, normed.data(),
                      nullptr);
    return normed;
}

void Transformer::drop_oldest_half() {
    const std::vector<int> kept(read_.begin() + static_cast<std::ptrdiff_t>(read_.size() / 2),
                                read_.end());
    reset();
    forward(kept, 1, static_cast<std::int64_t>(kept.size()), &caches_);
    read_ = kept;
}

std::span<const float> Transformer::next(int token) {
    const nn::ThreadLimit single_stream(1);
    const TransformerConfig& config = parts_->config;
    if (read_.size() == index(config.context_length)) drop_oldest_half();
    const std::int64_t width = config.hidden_size, inner = config.intermediate_size;
    const std::int64_t size = config.head_size();
    const auto position = static_cast<std::int64_t>(read_.size());
    const auto epsilon = static_cast<float>(config.epsilon);
    for (auto* buffer : {&x_, &normed_, &attended_}) buffer->resize(index(width));
    qkv_.resize(index(3 * width));
    scores_.resize(index(config.context_length));
    gate_up_.resize(index(2 * inner));
    activated_.resize(index(inner));

    nn::gather_rows(parts_->embedding_VC.data(), &token, 1, width, x_.data());
    for (std::size_t k = 0; k < parts_->layers.size(); ++k) {
        const Parts::Layer& layer = parts_->layers[k];
        nn::rms_norm(x_.data(), layer.input_norm_C.data(), index(width), epsilon, normed_.data());
        nn::linear(normed_.data(), layer.qkv.data(), 1, width, 3 * width, qkv_.data());
        for (std::int64_t head = 0; head < 2 * config.heads; ++head) {
            nn::rope(qkv_.data() + head * size, parts_->rope.cosines_of(position),
                     parts_->rope.sines_of(position), index(size), 1.0f);
        }
        Cache& cache = caches_[k];
        const float* key = qkv_.data() + width;
        cache.keys.insert(cache.keys.end(), key, key + width);
        cache.values.insert(cache.values.end(), key + width, key + 2 * width);
        for (std::int64_t head = 0; head < config.heads; ++head) {
            const std::int64_t at = head * size;
            nn::attend_one(qkv_.data() + at, cache.keys.data() + at, cache.values.data() + at,
                           position + 1, size, width, scores_.data(), attended_.data() + at);
        }
        add_linear(attended_, layer.output_CC, 1, width, width, x_.data());
        nn::rms_norm(x_.data(), layer.post_norm_C.data(), index(width), epsilon, normed_.data());
        nn::linear(normed_.data(), layer.gate_up.data(), 1, width, 2 * inner, gate_up_.data());
        nn::swiglu(gate_up_.data(), gate_up_.data() + inner, index(inner), activated_.data());
        add_linear(activated_, layer.down_CI, 1, inner, width, x_.data());
    }
    read_.push_back(token);
    nn::rms_norm(x_.data(), parts_->norm_C.data(), index(width), epsilon, normed_.data());
    logits_.resize(index(config.vocabulary_size));
    nn::linear(normed_.data(), parts_->output_weights(), 1, width, config.vocabulary_size,
               logits_.data());
    return logits_;
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
    std::vector<float> logits_NV;
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
        const auto hidden = forward(ids_BT, static_cast<std::int64_t>(batch.size()),
                                    static_cast<std::int64_t>(time), nullptr);
        for (std::size_t b = 0; b < batch.size(); ++b) {
            const Window& window = batch[b];
            const std::size_t rows = window.end - window.keep;
            logits_NV.resize(rows * vocabulary);
            nn::linear(hidden.data() + (b * time + window.keep - window.begin) * width,
                       parts_->output_weights(), static_cast<std::int64_t>(rows),
                       config.hidden_size, config.vocabulary_size, logits_NV.data());
            for (std::size_t row = 0; row < rows; ++row) {
                callback(window.sequence, window.keep + row,
                         std::span(logits_NV).subspan(row * vocabulary, vocabulary));
            }
        }
    }
}

std::unique_ptr<LanguageModel> load_transformer(const std::filesystem::path& folder) {
    return load_from<Transformer, TransformerConfig>(folder);
}

}  // namespace symphony::models
