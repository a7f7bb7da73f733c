// What the training loop trains. The loop owns schedule, evaluation, checkpoints, early stopping
// and logs; a Trainee owns weights, gradients and optimiser. Implemented by the hand-written RNN
// (no torch) and by training/torch.
#pragma once

#include "symphony/base/json.h"
#include "symphony/models/adapter/lora_adapter.h"
#include "symphony/models/language_model.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

namespace symphony::training {

// Row-major (B,T). inputs[b,t] predicts targets[b,t]; a target of -1 is no prediction (padding).
// reset[b,t] = 1: the input is the first of a sequence, the recurrent state of lane b is zeroed
// before it (and attention must not look behind it).
struct Batch {
    int batch_size = 0, sequence_length = 0;
    std::vector<int> inputs_BT, targets_BT;
    std::vector<std::uint8_t> reset_BT;
};

struct StepResult {
    double loss = 0;           // mean nats per predicted token (or frame: models/key_sets.h)
    double gradient_norm = 0;  // before clipping
    std::int64_t tokens = 0;
};

struct SplitResult {
    double loss = 0;      // mean nats per token over the whole split
    double accuracy = 0;  // share of tokens whose most probable prediction is right
    std::int64_t tokens = 0;
};

class Trainee {
  public:
    virtual ~Trainee() = default;

    virtual std::int64_t parameter_count() const = 0;  // of the model
    // Of these, or beside them, those that a step changes.
    virtual std::int64_t trained_parameter_count() const { return parameter_count(); }
    virtual std::int64_t memory_bytes()
        const = 0;  // estimate for one step: weights, optimiser, activations

    // One optimiser step over the accumulated micro-batches; `step` counts from 0 and, with the
    // seed, decides dropout.
    virtual StepResult step(std::span<const Batch> micro_batches, std::int64_t step,
                            double learning_rate) = 0;

    // Whole sequences, state carried, no dropout, weights unchanged; the state carried by training
    // is not disturbed.
    virtual SplitResult evaluate(const std::vector<std::vector<int>>& sequences) = 0;

    // |d loss_t / d h_{t-k}| for k = 0 .. distance-1, averaged over places in `sequences`: how far
    // back in time learning reaches. Empty for models without a recurrent state.
    virtual std::vector<double> gradient_flow(const std::vector<std::vector<int>>& /*sequences*/,
                                              int /*distance*/) {
        return {};
    }

    // A torch-free copy for sampling; null if the model predicts frames, which are no ids.
    virtual std::unique_ptr<models::LanguageModel> snapshot() const = 0;

    // config.json and model.safetensors into an existing folder; an adapter is merged.
    virtual void save_model(const std::filesystem::path& folder) const = 0;
    // Where only an adapter is trained: it by itself (models/adapter/adapter_folder.h).
    virtual bool trains_adapter() const { return false; }
    virtual void save_adapter(const std::filesystem::path& /*folder*/,
                              const models::BaseModel& /*base*/) const {}
    // All that is needed to go on bit-exactly, from the same load_weights() if there was one:
    // trained weights, optimiser, carried state (trainee.safetensors).
    virtual void save_state(const std::filesystem::path& folder) const = 0;
    // Throws Error (kModel) if damaged or of another shape.
    virtual void load_state(const std::filesystem::path& folder) = 0;
    // Weights only, from a model folder: what `tune` starts from.
    virtual void load_weights(const std::filesystem::path& model_folder) = 0;
};

}  // namespace symphony::training
