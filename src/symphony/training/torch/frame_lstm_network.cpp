// An LSTM on frames: what it reads is the sum of the vectors of the keys that sound, and each key
// of the next frame has a logit of its own. The LSTM of the piano-roll tables (Bai et al.,
// arXiv:1803.01271, section 5), with an embedding so that dropout takes a little of every key and
// not all of some.
#include "symphony/training/batches.h"
#include "symphony/training/torch/lstm_layers.h"
#include "symphony/training/torch/network.h"

#include <ATen/ATen.h>

#include <cmath>

namespace symphony::training::torch_net {

namespace {

constexpr int kEvaluationLanes = 32, kEvaluationSteps = 64;

class FrameLstm : public AnyNetwork {
  public:
    FrameLstm(const TrainOptions& options, std::shared_ptr<const models::KeySets> frames)
        : frames_(std::move(frames)),
          products_(products_of(options)),
          embedding_(add("embedding.weight", {options.embedding_size, frames_->keys()}, 1.0,
                         options.seed)),
          layers_(
              options.layers, options.embedding_size, options.hidden_size,
              [&](const std::string& name, at::IntArrayRef sizes, double deviation, bool decays) {
                  return add(name, sizes, deviation, options.seed, 0.0, decays);
              }) {
        const std::int64_t keys = frames_->keys(), width = options.hidden_size;
        output_ = add("output.weight", {keys, width}, 1.0 / std::sqrt(static_cast<double>(width)),
                      options.seed);
        output_bias_ = add("output.bias", {keys}, 0.0, options.seed, 0.0, /*decays=*/false);
        config_ = {{"model_type", "symphony-frames-lstm"},
                   {"keys", keys},
                   {"embedding_size", options.embedding_size},
                   {"hidden_size", width},
                   {"layers", options.layers}};
    }

    at::Tensor loss(const Batch& batch, double scale, double dropout_probability,
                    base::Rng& dropout) override {
        const TimeMajorBatch turned = time_major(batch, products_);
        const at::Tensor logits = logits_of(turned, [&](const at::Tensor& x) {
            return ops::dropout_add(x, {}, dropout_probability, dropout.next_u32());
        });
        const at::Tensor predicted = (turned.targets_N >= 0).to(at::kFloat).unsqueeze(1);
        return scale * at::binary_cross_entropy_with_logits(logits,
                                                            keys_of(turned.targets_N.to(at::kLong)),
                                                            predicted, {}, at::Reduction::Sum);
    }

    SplitResult evaluate(const std::vector<std::vector<int>>& sequences) override {
        const at::NoGradGuard no_graph;
        const LstmLayers::State carried = std::exchange(layers_.state(), {});
        EvaluationBatches batches(sequences, models::KeySets::kBeginning, kEvaluationLanes,
                                  kEvaluationSteps);
        double nats = 0, hits = 0;
        SplitResult result;
        for (Batch batch; batches.next(batch);) {
            const TimeMajorBatch turned = time_major(batch, products_);
            const at::Tensor logits = logits_of(turned, [](const at::Tensor& x) { return x; });
            for (std::int64_t i = 0; i < turned.targets_N.numel(); ++i) {
                const int target = turned.targets_N.data_ptr<std::int32_t>()[i];
                if (target < 0) continue;
                const models::SetCost cost =
                    models::cost_of_set<float>({logits.data_ptr<float>() + i * logits.size(1),
                                                static_cast<std::size_t>(logits.size(1))},
                                               (*frames_)[target]);
                nats += cost.nats;
                hits += cost.is_most_probable;
                ++result.tokens;
            }
        }
        layers_.state() = carried;
        const double frames = static_cast<double>(std::max<std::int64_t>(1, result.tokens));
        result.loss = nats / frames;
        result.accuracy = hits / frames;
        return result;
    }

    void prepare_state(std::int64_t lanes) override { layers_.prepare_state(lanes); }
    std::vector<Parameter> carried_state() override { return layers_.carried_state(); }
    base::Json config() const override { return config_; }
    models::Weights weights() const override {
        models::Weights weights;
        for (const Parameter& p : parameters()) weights[p.name] = to_weight(p.value);
        return weights;
    }
    void set_weights(models::Weights weights) override {
        for (const Parameter& p : parameters())
            copy_from(models::take(weights, p.name, p.value.sizes().vec()), p.value);
        models::expect_all_taken(weights);
    }
    std::unique_ptr<models::LanguageModel> model() const override { return nullptr; }
    std::int64_t activations_per_token() const override {
        return 4 * frames_->keys() + 2 * embedding_.size(0) +
               10 * config_["hidden_size"].get<std::int64_t>() * config_["layers"].get<int>();
    }

  private:
    // (N,K): 1 where a key sounds. Numbers below 0 have none.
    at::Tensor keys_of(const at::Tensor& numbers_N) const {
        const at::Tensor keys = at::zeros({numbers_N.numel(), frames_->keys()}, at::kFloat);
        for (std::int64_t i = 0; i < numbers_N.numel(); ++i) {
            const auto number = static_cast<int>(numbers_N.data_ptr<std::int64_t>()[i]);
            if (number < 0) continue;
            for (const int key : (*frames_)[number])
                keys.data_ptr<float>()[i * frames_->keys() + key] = 1.0f;
        }
        return keys;
    }
    at::Tensor logits_of(const TimeMajorBatch& batch, const LstmLayers::Drop& drop) {
        prepare_state(batch.plan.batch_size);
        const at::Tensor x = drop(ops::linear(keys_of(batch.ids_N), embedding_, products_));
        return ops::linear(layers_.forward(x, batch.plan, drop), output_, products_, output_bias_);
    }

    std::shared_ptr<const models::KeySets> frames_;
    ops::Products products_;
    at::Tensor embedding_;  // (E,K)
    LstmLayers layers_;
    at::Tensor output_, output_bias_;
    base::Json config_;
};

}  // namespace

std::unique_ptr<AnyNetwork> make_frame_lstm(const TrainOptions& options,
                                            std::shared_ptr<const models::KeySets> frames) {
    return std::make_unique<FrameLstm>(options, std::move(frames));
}

}  // namespace symphony::training::torch_net
