// Decoder-only transformer in Llama's shape (see models/transformer.h). Query, key and value
// weights are one matrix here, as are gate and up; they part where weights are saved.
#include "symphony/models/transformer.h"
#include "symphony/training/torch/functions.h"
#include "symphony/training/torch/network.h"

#include <ATen/ATen.h>

#include <cmath>

namespace symphony::training::torch_net {

namespace {

class TransformerNetwork : public Network {
  public:
    TransformerNetwork(const models::TransformerConfig& config, ops::Products products,
                       std::int64_t seed)
        : config_(config), products_(products) {
        const std::int64_t width = config.hidden_size, inner = config.intermediate_size;
        // GPT-2's spreads: 0.02, and what adds to the residual stream smaller with depth.
        const double deviation = 0.02, residual = 0.02 / std::sqrt(2.0 * config.layers);
        embedding_ = add("embed", {config.vocabulary_size, width}, deviation, seed);
        for (int k = 0; k < config.layers; ++k) {
            const std::string at = std::to_string(k) + ".";
            layers_.push_back({add_norm(at + "input_norm", seed),
                               add(at + "qkv", {3 * width, width}, deviation, seed),
                               add(at + "o", {width, width}, residual, seed),
                               add_norm(at + "post_norm", seed),
                               add(at + "gate_up", {2 * inner, width}, deviation, seed),
                               add(at + "down", {width, inner}, residual, seed)});
        }
        norm_ = add_norm("norm", seed);
        if (!config.tied) {
            output_ = add("output", {config.vocabulary_size, width}, deviation, seed);
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
        const auto inner_linear = [&](const at::Tensor& x, const at::Tensor& weight) {
            return ops::inner_linear(x, weight, products_);
        };
        const auto linear = [&](const at::Tensor& x, const at::Tensor& weight) {
            return ops::linear(x, weight, products_);
        };
        at::Tensor x = add_dropped(ops::embedding(ids, embedding_), {});
        for (const Layer& layer : layers_) {
            const at::Tensor attended =
                ops::attention(inner_linear(norm(x, layer.input_norm), layer.qkv), plan);
            x = add_dropped(linear(attended, layer.o), x);
            const at::Tensor activated =
                ops::swiglu(inner_linear(norm(x, layer.post_norm), layer.gate_up));
            x = add_dropped(linear(activated, layer.down), x);
        }
        const at::Tensor logits = linear(norm(x, norm_), config_.tied ? embedding_ : output_);
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
        return weights;
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
               2 * config_.vocabulary_size;
    }

  private:
    struct Layer {
        at::Tensor input_norm, qkv, o, post_norm, gate_up, down;
    };

    at::Tensor add_norm(const std::string& name, std::int64_t seed) {
        return add(name, {config_.hidden_size}, 0.0, seed, 1.0, /*decays=*/false);
    }

    // Every tensor under its Llama name; views into the parameters.
    template <class Visit>
    void for_each_part(const Visit& visit) const {
        visit("model.embed_tokens.weight", embedding_.detach());
        for (std::size_t k = 0; k < layers_.size(); ++k) {
            const Layer& layer = layers_[k];
            const std::string at = "model.layers." + std::to_string(k) + ".";
            const auto qkv = layer.qkv.detach().chunk(3), gate_up = layer.gate_up.detach().chunk(2);
            visit(at + "input_layernorm.weight", layer.input_norm.detach());
            visit(at + "self_attn.q_proj.weight", qkv[0]);
            visit(at + "self_attn.k_proj.weight", qkv[1]);
            visit(at + "self_attn.v_proj.weight", qkv[2]);
            visit(at + "self_attn.o_proj.weight", layer.o.detach());
            visit(at + "post_attention_layernorm.weight", layer.post_norm.detach());
            visit(at + "mlp.gate_proj.weight", gate_up[0]);
            visit(at + "mlp.up_proj.weight", gate_up[1]);
            visit(at + "mlp.down_proj.weight", layer.down.detach());
        }
        visit("model.norm.weight", norm_.detach());
        if (!config_.tied) visit("lm_head.weight", output_.detach());
    }

    models::TransformerConfig config_;
    ops::Products products_;
    at::Tensor embedding_, norm_, output_;
    std::vector<Layer> layers_;
};

}  // namespace

std::unique_ptr<Network> make_transformer(const TrainOptions& options, int vocabulary_size,
                                          int start_token) {
    return std::make_unique<TransformerNetwork>(
        transformer_config(options, vocabulary_size, start_token), products_of(options),
        options.seed);
}

}  // namespace symphony::training::torch_net
