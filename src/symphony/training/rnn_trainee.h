// Trains the hand-written RNN: accumulation, clipping, AdamW and the carried state around
// models/rnn. No framework.
#pragma once

#include "symphony/models/rnn/rnn_network.h"
#include "symphony/training/adamw.h"
#include "symphony/training/options.h"
#include "symphony/training/trainee.h"

#include <memory>
#include <vector>

namespace symphony::training {

class RnnTrainee : public Trainee {
  public:
    // `options` are resolved (fill_defaults).
    RnnTrainee(const TrainOptions& options, int vocabulary_size, int end_token);
    // Ids are frames; a loss is nats per frame.
    RnnTrainee(const TrainOptions& options, std::shared_ptr<const models::KeySets> frames);

    std::int64_t parameter_count() const override { return network_.layout().total; }
    std::int64_t memory_bytes() const override;
    StepResult step(std::span<const Batch> micro_batches, std::int64_t step,
                    double learning_rate) override;
    SplitResult evaluate(const std::vector<std::vector<int>>& sequences) override;
    std::unique_ptr<models::LanguageModel> snapshot() const override;
    void save_model(const std::filesystem::path& folder) const override;
    void save_state(const std::filesystem::path& folder) const override;
    void load_state(const std::filesystem::path& folder) override;
    void load_weights(const std::filesystem::path& model_folder) override;
    std::vector<double> gradient_flow(const std::vector<std::vector<int>>& sequences,
                                      int distance) override;

    models::rnn::RnnNetwork<float>& network() { return network_; }

  private:
    RnnTrainee(const TrainOptions& options, models::rnn::RnnNetwork<float> network, int end_token);

    TrainOptions options_;
    int end_token_;
    models::rnn::RnnNetwork<float> network_;
    models::rnn::RnnNetwork<float> evaluator_;  // its own activations, so that training's stay
    AdamWState adamw_;
    std::vector<std::uint8_t> decays_;  // per weight: is it part of a matrix?
    std::vector<float> state_HB_;       // carried from batch to batch
};

}  // namespace symphony::training
