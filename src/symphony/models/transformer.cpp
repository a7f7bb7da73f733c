#include "symphony/models/transformer.h"

#include "symphony/base/error.h"
#include "symphony/models/shared_weights_batch.h"
#include "symphony/nn/elementwise.h"
#include "symphony/nn/gemm.h"
#include "symphony/nn/rows.h"

#include <algorithm>

namespace symphony::models {

struct Transformer::Parts {
    struct Layer {
        std::vector<float> input_norm_C, post_norm_C;
        nn::WeightMatrix qkv, output, gate_up, down;  // (3C,C), (C,C), (2I,C), (C,I)
    };
    TransformerConfig config;
    nn::WeightPrecision precision;
    nn::RopeTable rope;
    std::int64_t parameter_count = 0;
    nn::WeightMatrix embedding, untied_output;  // (V,C)
    std::vector<float> norm_C;
    std::vector<Layer> layers;

    const nn::WeightMatrix& output() const { return config.tied ? embedding : untied_output; }
    void embed(std::span<const int> ids_N, float* x_NC) const {
        for (std::size_t i = 0; i < ids_N.size(); ++i)
            embedding.copy_row(ids_N[i], x_NC + i * static_cast<std::size_t>(config.hidden_size));
    }
};

namespace {

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

// Windows worked on together when whole pieces are scored.
constexpr std::size_t kWindows = 8;

void append(std::vector<float>& to, std::vector<float> from) {
    to.insert(to.end(), from.begin(), from.end());
}

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

Transformer::Transformer(const TransformerConfig& config, Weights weights,
                         nn::WeightPrecision precision) {
    auto parts = std::make_shared<Parts>(
        Parts{.config = config,
              .precision = precision,
              .rope = nn::RopeTable(config.context_length, config.head_size(), config.rope_theta)});
    for (const auto& [name, tensor] : weights) {
        parts->parameter_count += static_cast<std::int64_t>(tensor.values.size());
    }
    const std::int64_t width = config.hidden_size, inner = config.intermediate_size;
    const auto matrix = [&](const std::vector<float>& values, std::int64_t out, std::int64_t in) {
        return nn::WeightMatrix(values, out, in, precision);
    };
    const auto take_matrix = [&](const std::string& name, std::int64_t out, std::int64_t in) {
        return matrix(take(weights, name, {out, in}), out, in);
    };
    parts->embedding = take_matrix("model.embed_tokens.weight", config.vocabulary_size, width);
    for (int k = 0; k < config.layers; ++k) {
        const std::string at = "model.layers." + std::to_string(k) + ".";
        Parts::Layer layer;
        layer.input_norm_C = take(weights, at + "input_layernorm.weight", {width});
        std::vector<float> qkv, gate_up;
        qkv.reserve(index(3 * width * width));
        gate_up.reserve(index(2 * inner * width));
        for (const char* name : {"q_proj", "k_proj", "v_proj"}) {
            append(qkv, take(weights, at + "self_attn." + name + ".weight", {width, width}));
        }
        layer.qkv = matrix(qkv, 3 * width, width);
        layer.output = take_matrix(at + "self_attn.o_proj.weight", width, width);
        layer.post_norm_C = take(weights, at + "post_attention_layernorm.weight", {width});
        for (const char* name : {"gate_proj", "up_proj"}) {
            append(gate_up, take(weights, at + "mlp." + name + ".weight", {inner, width}));
        }
        layer.gate_up = matrix(gate_up, 2 * inner, width);
        layer.down = take_matrix(at + "mlp.down_proj.weight", width, inner);
        parts->layers.push_back(std::move(layer));
    }
    parts->norm_C = take(weights, "model.norm.weight", {width});
    if (!config.tied) {
        parts->untied_output = take_matrix("lm_head.weight", config.vocabulary_size, width);
    }
    expect_all_taken(weights);
    caches_.assign(parts->layers.size(), nn::KvCache(config.heads, config.head_size(),
                                                     precision != nn::WeightPrecision::kFloat32));
    parts_ = std::move(parts);
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

std::vector<float> Transformer::forward(std::span<const int> ids_BT, std::int64_t batch_size,
                                        std::int64_t time, std::vector<nn::KvCache>* caches) const {
    const TransformerConfig& config = parts_->config;
    const std::int64_t rows = batch_size * time, width = config.hidden_size;
    const std::int64_t inner = config.intermediate_size;
    const auto epsilon = static_cast<float>(config.epsilon);
    const nn::AttentionShape shape{batch_size, time, config.heads, config.head_size()};
    std::vector<float> x(index(rows * width)), normed(x.size()), attended(x.size());
    std::vector<float> qkv(index(rows * 3 * width)), gate_up(index(rows * 2 * inner)),
        activated(index(rows * inner));

    parts_->embed(ids_BT, x.data());
    for (std::size_t k = 0; k < parts_->layers.size(); ++k) {
        const Parts::Layer& layer = parts_->layers[k];
        nn::rms_norm_rows(x.data(), layer.input_norm_C.data(), rows, width, epsilon, normed.data(),
                          nullptr);
        layer.qkv.multiply_rows(normed.data(), rows, 0.0f, qkv.data());
        nn::rope_queries_and_keys(shape, parts_->rope, 1.0f, qkv.data());
        if (caches != nullptr) {
            for (std::int64_t t = 0; t < time; ++t) {
                const float* key = qkv.data() + (3 * t + 1) * width;
                (*caches)[k].append(key, key + width);
            }
        }
        nn::causal_attention(shape, qkv.data(), nullptr, attended.data(), nullptr);
        layer.output.multiply_rows(attended.data(), rows, 1.0f, x.data());
        nn::rms_norm_rows(x.data(), layer.post_norm_C.data(), rows, width, epsilon, normed.data(),
                          nullptr);
        layer.gate_up.multiply_rows(normed.data(), rows, 0.0f, gate_up.data());
        nn::swiglu_rows(gate_up.data(), rows, inner, activated.data());
        layer.down.multiply_rows(activated.data(), rows, 1.0f, x.data());
    }
    nn::rms_norm_rows(x.data(), parts_->norm_C.data(), rows, width, epsilon, normed.data(),
                      nullptr);
    return normed;
}

std::vector<float> Transformer::read_at_once(std::span<const int> tokens) {
    const auto hidden = forward(tokens, 1, static_cast<std::int64_t>(tokens.size()), &caches_);
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
    const TransformerConfig& config = parts_->config;
    const auto rows = static_cast<std::int64_t>(streams.size());
    const std::int64_t width = config.hidden_size, inner = config.intermediate_size;
    const std::int64_t size = config.head_size();
    const auto epsilon = static_cast<float>(config.epsilon);
    auto& [x, normed, qkv, attended, gate_up, activated, logits] = scratch;
    for (auto* buffer : {&x, &normed, &attended}) buffer->resize(index(rows * width));
    qkv.resize(index(rows * 3 * width));
    gate_up.resize(index(rows * 2 * inner));
    activated.resize(index(rows * inner));
    logits.resize(index(rows * config.vocabulary_size));
    const auto norm = [&](const std::vector<float>& weight_C) {
        for (std::int64_t row = 0; row < rows; ++row)
            nn::rms_norm(x.data() + row * width, weight_C.data(), index(width), epsilon,
                         normed.data() + row * width);
    };

    for (Transformer* stream : streams)
        if (stream->read_.size() == index(config.context_length)) stream->drop_oldest_half();
    parts_->embed(tokens, x.data());
    for (std::size_t k = 0; k < parts_->layers.size(); ++k) {
        const Parts::Layer& layer = parts_->layers[k];
        norm(layer.input_norm_C);
        layer.qkv.multiply(normed.data(), rows, 0.0f, qkv.data());
        for (std::int64_t row = 0; row < rows; ++row) {
            Transformer& stream = *streams[index(row)];
            const auto position = static_cast<std::int64_t>(stream.read_.size());
            float* query = qkv.data() + row * 3 * width;
            for (std::int64_t head = 0; head < 2 * config.heads; ++head)
                nn::rope(query + head * size, parts_->rope.cosines_of(position),
                         parts_->rope.sines_of(position), index(size), 1.0f);
            stream.caches_[k].append(query + width, query + 2 * width);
            stream.caches_[k].attend(query, attended.data() + row * width);
        }
        layer.output.multiply(attended.data(), rows, 1.0f, x.data());
        norm(layer.post_norm_C);
        layer.gate_up.multiply(normed.data(), rows, 0.0f, gate_up.data());
        for (std::int64_t row = 0; row < rows; ++row) {
            const float* gate = gate_up.data() + row * 2 * inner;
            nn::swiglu(gate, gate + inner, index(inner), activated.data() + row * inner);
        }
        layer.down.multiply(activated.data(), rows, 1.0f, x.data());
    }
    for (std::size_t i = 0; i < streams.size(); ++i) streams[i]->read_.push_back(tokens[i]);
    norm(parts_->norm_C);
    parts_->output().multiply(normed.data(), rows, 0.0f, logits.data());
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
