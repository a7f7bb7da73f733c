// Decoder-only transformer in Llama's shape (see models/transformer.h). Query, key and value
// weights are one matrix here, as are gate and up; they part where weights are saved. With an
// adapter all weights but its own are frozen.
#include "symphony/models/transformer.h"
#include "symphony/training/torch/functions.h"
#include "symphony/training/torch/lora_functions.h"
#include "symphony/training/torch/network.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

namespace symphony::training::torch_net {

namespace {

class TransformerNetwork : public Network {
  public:
    TransformerNetwork(const models::TransformerConfig& config,
                       std::optional<models::LoraConfig> lora, ops::Products products,
                       std::int64_t seed)
        : config_(config), lora_(std::move(lora)), products_(products), seed_(seed) {
        const std::int64_t width = config.hidden_size, inner = config.intermediate_size;
        // GPT-2's spreads: 0.02, and what adds to the residual stream smaller with depth.
        const double deviation = 0.02, residual = 0.02 / std::sqrt(2.0 * config.layers);
        embedding_ = add_weight("embed", {config.vocabulary_size, width}, deviation);
        for (int k = 0; k < config.layers; ++k) {
            const std::string at = std::to_string(k) + ".";
            layers_.push_back(
                {add_norm(at + "input_norm"),
                 add_projection(at + "qkv", {"q_proj", "k_proj", "v_proj"}, {width, width},
                                deviation),
                 add_projection(at + "o", {"o_proj"}, {width, width}, residual),
                 add_norm(at + "post_norm"),
                 add_projection(at + "gate_up", {"gate_proj", "up_proj"}, {inner, width},
                                deviation),
                 add_projection(at + "down", {"down_proj"}, {width, inner}, residual)});
        }
        norm_ = add_norm("norm");
        if (!config.tied) {
            output_ = add_weight("output", {config.vocabulary_size, width}, deviation);
        }
    }

    at::Tensor loss(const Batch& batch, double scale, double dropout_probability,
                    base::Rng& dropout) override {
        const std::int64_t rows = static_cast<std::int64_t>(batch.inputs_BT.size());
        const at::Tensor ids = at::empty({rows}, at::kLong), targets = at::empty({rows}, at::kInt);
        const ops::AttentionPlan plan{
            batch.batch_size,   batch.sequence_length,
            config_.heads,      config_.head_size(),
            config_.rope_theta, at::empty({batch.batch_size, batch.sequence_length}, at::kInt)};
        std::int32_t start = 0;
        for (std::int64_t row = 0; row < rows; ++row) {
            const auto i = static_cast<std::size_t>(row);
            const auto t = static_cast<std::int32_t>(row % batch.sequence_length);
            if (t == 0 || batch.reset_BT[i] != 0) start = t;
            ids.data_ptr<std::int64_t>()[row] = batch.inputs_BT[i];
            targets.data_ptr<std::int32_t>()[row] = batch.targets_BT[i];
            plan.segment_start_BT.data_ptr<std::int32_t>()[row] = start;
        }
        const auto add_dropped = [&](const at::Tensor& x, const at::Tensor& base) {
            return ops::dropout_add(x, base, dropout_probability, dropout.next_u32());
        };
        const auto norm = [&](const at::Tensor& x, const at::Tensor& weight) {
            return ops::rms_norm(x, weight, config_.epsilon, products_);
        };
        const auto project = [&](const at::Tensor& x, const Projection& p, bool inner) {
            if (!p.lora.empty()) return ops::lora_linear(x, p.weight, p.lora, products_, inner);
            return inner ? ops::inner_linear(x, p.weight, products_)
                         : ops::linear(x, p.weight, products_);
        };
        at::Tensor x = add_dropped(ops::embedding(ids, embedding_), {});
        for (const Layer& layer : layers_) {
            const at::Tensor attended =
                ops::attention(project(norm(x, layer.input_norm), layer.qkv, true), plan);
            x = add_dropped(project(attended, layer.o, false), x);
            const at::Tensor activated =
                ops::swiglu(project(norm(x, layer.post_norm), layer.gate_up, true));
            x = add_dropped(project(activated, layer.down, false), x);
        }
        const at::Tensor logits =
            ops::linear(norm(x, norm_), config_.tied ? embedding_ : output_, products_);
        return ops::cross_entropy(logits, targets, scale);
    }

    std::vector<Parameter> carried_state() override { return {}; }
    void prepare_state(std::int64_t) override {}

    base::Json config() const override { return config_.to_json(); }
    models::Weights weights() const override {
        models::Weights weights;
        for_each_part([&](const std::string& name, const at::Tensor& part) {
            weights[name] = to_weight(part);
        });
        if (const auto trained = adapter()) models::merge_adapter(*trained, weights);
        return weights;
    }
    std::optional<models::LoraAdapter> adapter() const override {
        if (!lora_) return std::nullopt;
        models::LoraAdapter adapter{*lora_, {}, {}};
        for (std::size_t k = 0; k < layers_.size(); ++k) {
            const std::string at = "model.layers." + std::to_string(k) + ".";
            const Layer& layer = layers_[k];
            const auto add = [&](const Projection& p, const std::vector<std::string>& modules) {
                add_factors(p.lora, at, modules, adapter.factors);
            };
            add(layer.qkv, {"self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"});
            add(layer.o, {"self_attn.o_proj"});
            add(layer.gate_up, {"mlp.gate_proj", "mlp.up_proj"});
            add(layer.down, {"mlp.down_proj"});
        }
        return adapter;
    }
    void set_weights(models::Weights weights) override {
        for_each_part([&](const std::string& name, const at::Tensor& part) {
            copy_from(models::take(weights, name, part.sizes().vec()), part);
        });
        models::expect_all_taken(weights);
    }
    std::unique_ptr<models::LanguageModel> model() const override {
        return std::make_unique<models::Transformer>(config_, weights());
    }
    void predict(std::span<const std::vector<int>> sequences,
                 const PredictionCallback& callback) const override {
        models::Transformer(config_, weights()).for_each_logits(sequences, callback);
    }
    std::int64_t activations_per_token() const override {
        const std::int64_t width = config_.hidden_size, inner = config_.intermediate_size;
        // Between products: both norms' rows, qkv, what attention gives; gate and up, activated.
        const std::int64_t between = 6 * width + 3 * inner;
        const std::int64_t kept = products_ == ops::Products::kBf16 ? between / 2 : between;
        return (kept + 2 * width + config_.heads) * config_.layers + 3 * width +
               2 * config_.vocabulary_size + lora_width_;
    }

  private:
    struct Projection {
        at::Tensor weight;
        ops::LoraFactors lora;  // may be empty
    };
    struct Layer {
        at::Tensor input_norm;
        Projection qkv, o;
        at::Tensor post_norm;
        Projection gate_up, down;
    };

    at::Tensor add_weight(const std::string& name, at::IntArrayRef sizes, double deviation) {
        return lora_ ? add_frozen(sizes) : add(name, sizes, deviation, seed_);
    }

    at::Tensor add_norm(const std::string& name) {
        if (lora_) return add_frozen({config_.hidden_size});
        return add(name, {config_.hidden_size}, 0.0, seed_, 1.0, /*decays=*/false);
    }

    // `part` (out,in): the sizes of each of the matrices that are one here.
    Projection add_projection(const std::string& name, const std::vector<const char*>& parts,
                              at::IntArrayRef part, double deviation) {
        const auto count = static_cast<std::int64_t>(parts.size());
        Projection projection{add_weight(name, {count * part[0], part[1]}, deviation), {}};
        if (!lora_) return projection;
        ops::LoraFactors& factors = projection.lora;
        for (std::int64_t i = 0; i < count; ++i)
            if (std::find(lora_->targets.begin(), lora_->targets.end(),
                          parts[static_cast<std::size_t>(i)]) != lora_->targets.end())
                factors.blocks.push_back(i);
        const auto adapted = static_cast<std::int64_t>(factors.blocks.size());
        if (adapted == 0) return projection;
        factors.parts = count;
        factors.scale = lora_->scale();
        // The paper's start: B A is zero. A has the variance that PEFT gives it.
        factors.a = add(name + ".lora_A", {adapted * lora_->rank, part[1]},
                        1 / std::sqrt(3.0 * static_cast<double>(part[1])), seed_);
        factors.b = add(name + ".lora_B", {adapted * part[0], lora_->rank}, 0.0, seed_);
        lora_width_ += adapted * lora_->rank;
        return projection;
    }

    static void add_factors(const ops::LoraFactors& lora, const std::string& at,
                            const std::vector<std::string>& modules, models::Weights& factors) {
        if (lora.empty()) return;
        const auto count = static_cast<std::int64_t>(lora.blocks.size());
        const auto a = lora.a.detach().chunk(count), b = lora.b.detach().chunk(count);
        for (std::size_t i = 0; i < lora.blocks.size(); ++i) {
            const std::string module = at + modules[static_cast<std::size_t>(lora.blocks[i])];
            factors[module + ".lora_A.weight"] = to_weight(a[i]);
            factors[module + ".lora_B.weight"] = to_weight(b[i]);
        }
    }

    // Every tensor under its Llama name; views into the parameters.
    template <class Visit>
    void for_each_part(const Visit& visit) const {
        visit("model.embed_tokens.weight", embedding_.detach());
        for (std::size_t k = 0; k < layers_.size(); ++k) {
            const Layer& layer = layers_[k];
            const std::string at = "model.layers." + std::to_string(k) + ".";
            const auto qkv = layer.qkv.weight.detach().chunk(3),
                       gate_up = layer.gate_up.weight.detach().chunk(2);
            visit(at + "input_layernorm.weight", layer.input_norm.detach());
            visit(at + "self_attn.q_proj.weight", qkv[0]);
            visit(at + "self_attn.k_proj.weight", qkv[1]);
            visit(at + "self_attn.v_proj.weight", qkv[2]);
            visit(at + "self_attn.o_proj.weight", layer.o.weight.detach());
            visit(at + "post_attention_layernorm.weight", layer.post_norm.detach());
            visit(at + "mlp.gate_proj.weight", gate_up[0]);
            visit(at + "mlp.up_proj.weight", gate_up[1]);
            visit(at + "mlp.down_proj.weight", layer.down.weight.detach());
        }
        visit("model.norm.weight", norm_.detach());
        if (!config_.tied) visit("lm_head.weight", output_.detach());
    }

    models::TransformerConfig config_;
    std::optional<models::LoraConfig> lora_;
    ops::Products products_;
    std::int64_t seed_;
    std::int64_t lora_width_ = 0;  // ranks of all adapted projections
    at::Tensor embedding_, norm_, output_;
    std::vector<Layer> layers_;
};

}  // namespace

std::unique_ptr<Network> make_transformer(const TrainOptions& options, int vocabulary_size,
                                          int start_token) {
    return std::make_unique<TransformerNetwork>(
        transformer_config(options, vocabulary_size, start_token),
        options.lora.rank ? std::optional(options.lora.config()) : std::nullopt,
        products_of(options), options.seed);
}

}  // namespace symphony::training::torch_net
