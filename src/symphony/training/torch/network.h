// A network under training: parameters, the loss of a batch as a graph, and its way to and from the
// torch-free models. Ids are tokens (Network) or frames (make_frame_lstm). Seen only inside
// training/torch.
#pragma once

#include "symphony/base/rng.h"
#include "symphony/models/adapter/lora_adapter.h"
#include "symphony/models/key_sets.h"
#include "symphony/models/language_model.h"
#include "symphony/models/weights.h"
#include "symphony/training/options.h"
#include "symphony/training/torch/functions.h"
#include "symphony/training/trainee.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace symphony::training::torch_net {

struct Parameter {
    std::string name;
    at::Tensor value;
    bool decays = true;  // weight decay: matrices yes, norms and biases no
};

using PredictionCallback =
    std::function<void(std::size_t sequence, std::size_t t, std::span<const float> logits_V)>;

// What a TorchTrainee trains.
class AnyNetwork {
  public:
    virtual ~AnyNetwork() = default;

    // Leaf tensors that require gradients, in a fixed order: what is trained.
    const std::vector<Parameter>& parameters() const { return parameters_; }
    // Numbers in weights that are not.
    std::int64_t frozen_count() const { return frozen_count_; }
    // scale x sum over predicted tokens of -log p. `dropout` gives one key a dropout site.
    virtual at::Tensor loss(const Batch& batch, double scale, double dropout_probability,
                            base::Rng& dropout) = 0;
    // Makes the carried state fit `lanes` lanes; zero if it did not before.
    virtual void prepare_state(std::int64_t lanes) = 0;
    // What is carried from batch to batch, by name; empty where nothing is.
    virtual std::vector<Parameter> carried_state() = 0;

    // See Trainee::evaluate.
    virtual SplitResult evaluate(const std::vector<std::vector<int>>& sequences) = 0;
    virtual base::Json config() const = 0;        // config.json
    virtual models::Weights weights() const = 0;  // named as the torch-free model has them
    // What is trained beside frozen weights, if it is that; weights() has it merged.
    virtual std::optional<models::LoraAdapter> adapter() const { return std::nullopt; }
    virtual void set_weights(models::Weights weights) = 0;  // throws Error (kModel) if unfitting
    virtual std::unique_ptr<models::LanguageModel> model() const = 0;  // see Trainee::snapshot
    // See Trainee::gradient_flow.
    virtual std::vector<double> gradient_flow(const std::vector<std::vector<int>>& /*sequences*/,
                                              int /*distance*/) {
        return {};
    }
    // Floats kept for the backward pass, per token of a batch.
    virtual std::int64_t activations_per_token() const = 0;

  protected:
    // Adds a parameter drawn from N(0, deviation), or constant if `deviation` is 0. Draws depend on
    // seed and name only.
    at::Tensor add(const std::string& name, at::IntArrayRef sizes, double deviation,
                   std::int64_t seed, double constant = 0.0, bool decays = true);
    // A weight that is not trained: zero until set_weights().
    at::Tensor add_frozen(at::IntArrayRef sizes);

  private:
    std::vector<Parameter> parameters_;
    std::int64_t frozen_count_ = 0;
};

class Network : public AnyNetwork {
  public:
    // Logits of every token of every sequence, batched, by the torch-free model.
    virtual void predict(std::span<const std::vector<int>> sequences,
                         const PredictionCallback& callback) const = 0;
    SplitResult evaluate(const std::vector<std::vector<int>>& sequences) override;
};

// Copies between tensors and weights.
models::Tensor to_weight(const at::Tensor& tensor);
void copy_from(const std::vector<float>& values, const at::Tensor& tensor);

ops::Products products_of(const TrainOptions& options);

std::unique_ptr<Network> make_lstm(const TrainOptions& options, int vocabulary_size,
                                   int start_token);
std::unique_ptr<Network> make_transformer(const TrainOptions& options, int vocabulary_size,
                                          int start_token);
// Reads sets of keys and predicts each key of the next on its own.
std::unique_ptr<AnyNetwork> make_frame_lstm(const TrainOptions& options,
                                            std::shared_ptr<const models::KeySets> frames);

}  // namespace symphony::training::torch_net
