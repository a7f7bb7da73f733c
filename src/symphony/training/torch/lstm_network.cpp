// LSTM language model: embedding, stacked layers with dropout between them, tied or own output.
// Zaremba et al., arXiv:1409.2329 (dropout on what goes up, not on what goes along); tying: Press &
// Wolf, arXiv:1608.05859.
#include "symphony/models/lstm.h"
#include "symphony/training/torch/functions.h"
#include "symphony/training/torch/network.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>
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
        for (int k = 0; k < config.layers; ++k) {
            const std::string suffix = "_l" + std::to_string(k);
            const std::int64_t in = k == 0 ? config.embedding_size : width;
            Layer layer;
            layer.w_ih = add("lstm.weight_ih" + suffix, {4 * width, in},
                             1.0 / std::sqrt(static_cast<double>(in)), seed);
            layer.w_hh = add("lstm.weight_hh" + suffix, {4 * width, width}, deviation, seed);
            layer.bias = add("lstm.bias" + suffix, {4 * width}, 0.0, seed, 0.0, /*decays=*/false);
            // The forget gate starts open (Gers et al. 2000; Jozefowicz et al. 2015).
            layer.bias.detach().narrow(0, width, width).fill_(1.0);
            layers_.push_back(layer);
        }
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
        const std::int64_t lanes = batch.batch_size, time = batch.sequence_length;
        prepare_state(lanes);
        const at::Tensor ids = at::empty({time * lanes}, at::kLong);
        const at::Tensor targets = at::empty({time * lanes}, at::kInt);
        const ops::LstmPlan plan{time, lanes, products_, at::empty({time, lanes}, at::kByte)};
        for (std::int64_t t = 0; t < time; ++t) {
            for (std::int64_t lane = 0; lane < lanes; ++lane) {
                const auto from = static_cast<std::size_t>(lane * time + t);
                const std::int64_t to = t * lanes + lane;
                ids.data_ptr<std::int64_t>()[to] = batch.inputs_BT[from];
                targets.data_ptr<std::int32_t>()[to] = batch.targets_BT[from];
                plan.reset_TB.data_ptr<std::uint8_t>()[to] = batch.reset_BT[from];
            }
        }
        const auto drop = [&](const at::Tensor& x) {
            return ops::dropout_add(x, {}, dropout_probability, dropout.next_u32());
        };
        at::Tensor x = drop(ops::embedding(ids, embedding_));
        for (std::size_t k = 0; k < layers_.size(); ++k) {
            const Layer& layer = layers_[k];
            const at::Tensor gates = ops::linear(x, layer.w_ih, products_, layer.bias);
            x = ops::lstm_layer(gates, layer.w_hh, plan, state_h_[k], state_c_[k]);
            if (watched_ != nullptr && k + 1 == layers_.size()) *watched_ = {gates, x};
            x = drop(x);
        }
        if (projection_.defined()) x = ops::linear(x, projection_, products_);
        const at::Tensor logits =
            ops::linear(x, config_.tied ? embedding_ : output_, products_, output_bias_);
        return ops::cross_entropy(logits, targets, scale);
    }

    std::vector<Parameter> carried_state() override {
        std::vector<Parameter> state;
        for (std::size_t k = 0; k < state_h_.size(); ++k) {
            state.push_back({"state.h_l" + std::to_string(k), state_h_[k]});
            state.push_back({"state.c_l" + std::to_string(k), state_c_[k]});
        }
        return state;
    }
    void prepare_state(std::int64_t lanes) override {
        if (!state_h_.empty() && state_h_.front().size(0) == lanes) return;
        const at::Tensor zeros = at::zeros({lanes, config_.hidden_size}, at::kFloat);
        state_h_.clear();
        state_c_.clear();
        for (std::size_t k = 0; k < layers_.size(); ++k) {
            state_h_.push_back(zeros.clone());
            state_c_.push_back(zeros.clone());
        }
    }

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
        const auto carried_h = std::exchange(state_h_, {}), carried_c = std::exchange(state_c_, {});
        Watched top;
        watched_ = &top;
        base::Rng no_dropout(0, "gradient flow");
        const at::Tensor total = loss(batch, 1.0, 0.0, no_dropout);
        watched_ = nullptr;
        const auto gradients = torch::autograd::grad({total}, {top.gates, top.out});
        state_h_ = carried_h;
        state_c_ = carried_c;

        const at::NoGradGuard no_graph;
        const std::vector<std::int64_t> by_step = {distance, batch.batch_size, -1};
        const at::Tensor dgates = gradients[0].view(by_step), dout = gradients[1].view(by_step);
        std::vector<double> norms = {dout[distance - 1].norm(2, -1).mean().item<double>()};
        for (int t = distance - 1; t > 0; --t) {
            const at::Tensor dh = at::mm(dgates[t], layers_.back().w_hh);
            norms.push_back(dh.norm(2, -1).mean().item<double>());
        }
        return norms;
    }
    std::int64_t activations_per_token() const override {
        return 2 * config_.embedding_size + 10 * config_.hidden_size * config_.layers +
               2 * config_.vocabulary_size;
    }

  private:
    struct Layer {
        at::Tensor w_ih, w_hh, bias;
    };
    // The top layer's input gates and outputs in the last loss().
    struct Watched {
        at::Tensor gates, out;
    };
    models::LstmConfig config_;
    ops::Products products_;
    Watched* watched_ = nullptr;
    at::Tensor embedding_, projection_, output_, output_bias_;
    std::vector<Layer> layers_;
    std::vector<at::Tensor> state_h_, state_c_;
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
