// LSTM language model: embedding, stacked layers (lstm_layers.h), tied or own output. Tying: Press
// & Wolf, arXiv:1608.05859.
#include "symphony/models/lstm.h"
#include "symphony/training/torch/functions.h"
#include "symphony/training/torch/lstm_layers.h"
#include "symphony/training/torch/network.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>
#include <optional>
#include <utility>

namespace symphony::training::torch_net {

namespace {

constexpr std::size_t kFlowWindows = 64;

// Windows of `time` tokens from the sequences, a lane each, with only the last token predicted.
Batch last_token_windows(const std::vector<std::vector<int>>& sequences, int time,
                         int start_token) {
    const auto length = static_cast<std::size_t>(time);
    Batch batch{0, time, {}, {}, {}};
    for (const auto& ids : sequences) {
        for (std::size_t begin = 0; begin + length <= ids.size(); begin += length) {
            if (static_cast<std::size_t>(batch.batch_size) == kFlowWindows) return batch;
            ++batch.batch_size;
            batch.inputs_BT.push_back(begin == 0 ? start_token : ids[begin - 1]);
            batch.inputs_BT.insert(batch.inputs_BT.end(), &ids[begin], &ids[begin + length - 1]);
            batch.targets_BT.insert(batch.targets_BT.end(), length - 1, -1);
            batch.targets_BT.push_back(ids[begin + length - 1]);
            batch.reset_BT.push_back(1);
            batch.reset_BT.insert(batch.reset_BT.end(), length - 1, 0);
        }
    }
    return batch;
}

class LstmNetwork : public Network {
  public:
    LstmNetwork(const models::LstmConfig& config, ops::Products products, std::int64_t seed)
        : config_(config), products_(products) {
        const std::int64_t vocabulary = config.vocabulary_size, width = config.hidden_size;
        const double deviation = 1.0 / std::sqrt(static_cast<double>(width));
        embedding_ = add("embedding.weight", {vocabulary, config.embedding_size},
                         config.tied ? 0.1 : 1.0, seed);
        layers_.emplace(config.layers, config.embedding_size, width,
                        [&](const std::string& name, at::IntArrayRef sizes, double spread,
                            bool decays) { return add(name, sizes, spread, seed, 0.0, decays); });
        if (config.has_projection()) {
            projection_ = add("projection.weight", {config.embedding_size, width}, deviation, seed);
        }
        if (!config.tied) {
            output_ = add("output.weight", {vocabulary, width}, 0.1 * deviation, seed);
        }
        output_bias_ = add("output.bias", {vocabulary}, 0.0, seed, 0.0, /*decays=*/false);
    }

    at::Tensor loss(const Batch& batch, double scale, double dropout_probability,
                    base::Rng& dropout) override {
        prepare_state(batch.batch_size);
        const auto [ids, targets, plan] = time_major(batch, products_);
        const auto drop = [&](const at::Tensor& x) {
            return ops::dropout_add(x, {}, dropout_probability, dropout.next_u32());
        };
        at::Tensor x =
            layers_->forward(drop(ops::embedding(ids, embedding_)), plan, drop, watched_);
        if (projection_.defined()) x = ops::linear(x, projection_, products_);
        const at::Tensor logits =
            ops::linear(x, config_.tied ? embedding_ : output_, products_, output_bias_);
        return ops::cross_entropy(logits, targets, scale);
    }

    std::vector<Parameter> carried_state() override { return layers_->carried_state(); }
    void prepare_state(std::int64_t lanes) override { layers_->prepare_state(lanes); }

    base::Json config() const override { return config_.to_json(); }
    models::Weights weights() const override {
        models::Weights weights;
        for (const Parameter& p : parameters()) weights[p.name] = to_weight(p.value);
        return weights;
    }
    void set_weights(models::Weights weights) override {
        for (const Parameter& p : parameters()) {
            copy_from(models::take(weights, p.name, p.value.sizes().vec()), p.value);
        }
        models::expect_all_taken(weights);
    }
    std::unique_ptr<models::LanguageModel> model() const override {
        return std::make_unique<models::Lstm>(config_, weights());
    }
    void predict(std::span<const std::vector<int>> sequences,
                 const PredictionCallback& callback) const override {
        models::Lstm(config_, weights()).for_each_logits(sequences, callback);
    }
    // The loss of each window's last token alone. d loss / d h_t reaches h_t through the gates of
    // step t + 1: their gradient times W_hh.
    std::vector<double> gradient_flow(const std::vector<std::vector<int>>& sequences,
                                      int distance) override {
        const Batch batch = last_token_windows(sequences, distance, config_.start_token);
        if (batch.batch_size == 0) return {};
        const LstmLayers::State carried = std::exchange(layers_->state(), {});
        LstmLayers::Watched top;
        watched_ = &top;
        base::Rng no_dropout(0, "gradient flow");
        const at::Tensor total = loss(batch, 1.0, 0.0, no_dropout);
        watched_ = nullptr;
        const auto gradients = torch::autograd::grad({total}, {top.gates, top.out});
        layers_->state() = carried;

        const at::NoGradGuard no_graph;
        const std::vector<std::int64_t> by_step = {distance, batch.batch_size, -1};
        const at::Tensor dgates = gradients[0].view(by_step), dout = gradients[1].view(by_step);
        std::vector<double> norms = {dout[distance - 1].norm(2, -1).mean().item<double>()};
        for (int t = distance - 1; t > 0; --t) {
            const at::Tensor dh = at::mm(dgates[t], layers_->top().w_hh);
            norms.push_back(dh.norm(2, -1).mean().item<double>());
        }
        return norms;
    }
    std::int64_t activations_per_token() const override {
        return 2 * config_.embedding_size + 10 * config_.hidden_size * config_.layers +
               2 * config_.vocabulary_size;
    }

  private:
    models::LstmConfig config_;
    ops::Products products_;
    LstmLayers::Watched* watched_ = nullptr;
    at::Tensor embedding_, projection_, output_, output_bias_;
    std::optional<LstmLayers> layers_;  // after the embedding, in the order of parameters()
};

}  // namespace

std::unique_ptr<Network> make_lstm(const TrainOptions& options, int vocabulary_size,
                                   int start_token) {
    models::LstmConfig config;
    config.vocabulary_size = vocabulary_size;
    config.embedding_size = options.embedding_size;
    config.hidden_size = options.hidden_size;
    config.layers = options.layers;
    config.tied = options.tied;
    config.start_token = start_token;
    return std::make_unique<LstmNetwork>(config, products_of(options), options.seed);
}

}  // namespace symphony::training::torch_net
