#include "symphony/training/rnn_trainee.h"

#include "symphony/base/error.h"
#include "symphony/models/rnn/blas.h"
#include "symphony/models/rnn/rnn_model.h"
#include "symphony/nn/safetensors.h"
#include "symphony/training/batches.h"

#include <fmt/format.h>

#include <algorithm>

namespace symphony::training {
namespace fs = std::filesystem;
namespace {

using models::rnn::Block;
using models::rnn::BlockLoss;
using models::rnn::RnnNetwork;
using models::rnn::RnnSizes;
using models::rnn::Slice;

constexpr int kEvaluationLanes = 32, kEvaluationSteps = 64;
constexpr const char* kStateFile = "trainee.safetensors";

Block block_of(const Batch& batch) {
    return {batch.batch_size, batch.sequence_length, batch.inputs_BT, batch.targets_BT,
            batch.reset_BT};
}

std::int64_t predicted_tokens(std::span<const Batch> batches) {
    std::int64_t tokens = 0;
    for (const Batch& batch : batches)
        tokens += std::count_if(batch.targets_BT.begin(), batch.targets_BT.end(),
                                [](int target) { return target >= 0; });
    return tokens;
}

}  // namespace

RnnTrainee::RnnTrainee(const TrainOptions& options, int vocabulary_size, int end_token)
    : RnnTrainee(
          options,
          RnnNetwork<float>(RnnSizes{vocabulary_size, options.embedding_size, options.hidden_size}),
          end_token) {}

RnnTrainee::RnnTrainee(const TrainOptions& options, std::shared_ptr<const models::KeySets> frames)
    : RnnTrainee(options,
                 RnnNetwork<float>(
                     RnnSizes{frames->keys(), options.embedding_size, options.hidden_size}, frames),
                 models::KeySets::kBeginning) {}

RnnTrainee::RnnTrainee(const TrainOptions& options, RnnNetwork<float> network, int end_token)
    : options_(options),
      end_token_(end_token),
      network_(std::move(network)),
      evaluator_(network_),
      adamw_(static_cast<std::size_t>(network_.layout().total)),
      decays_(static_cast<std::size_t>(network_.layout().total), 0),
      state_HB_(static_cast<std::size_t>(options.hidden_size) *
                    static_cast<std::size_t>(options.batch_size),
                0.0f) {
    // Its products are small: threads that wait for each other at every time step cost more than
    // they bring, and one gives the same bits on every machine.
    models::rnn::set_blas_threads(std::max(1, options.threads));
    network_.initialise(static_cast<std::uint64_t>(options.seed));
    for (const Slice& s : network_.layout().all())
        std::fill_n(decays_.begin() + s.offset, s.size(), s.is_matrix());
}

std::int64_t RnnTrainee::memory_bytes() const {
    // Weights, gradient and Adam's two means; the evaluator's weights and gradient.
    return 6 * parameter_count() * static_cast<std::int64_t>(sizeof(float)) +
           network_.activation_bytes() + evaluator_.activation_bytes();
}

StepResult RnnTrainee::step(std::span<const Batch> micro_batches, std::int64_t step,
                            double learning_rate) {
    StepResult result;
    result.tokens = predicted_tokens(micro_batches);
    const float scale = 1.0f / static_cast<float>(std::max<std::int64_t>(1, result.tokens));
    network_.clear_gradient();
    for (std::size_t i = 0; i < micro_batches.size(); ++i) {
        const std::uint64_t draw =
            static_cast<std::uint64_t>(step) * micro_batches.size() + i;  // of the dropout
        const BlockLoss loss = network_.forward(
            block_of(micro_batches[i]),
            {options_.dropout, static_cast<std::uint64_t>(options_.seed), draw}, state_HB_);
        network_.backward(scale);
        result.loss += loss.nats;
    }
    result.loss *= static_cast<double>(scale);
    result.gradient_norm = clip_by_norm(network_.gradient(), options_.clip_norm);
    const AdamWOptions adamw{options_.beta1, options_.beta2, 1e-8, options_.weight_decay};
    adamw_step(network_.weights(), network_.gradient(), decays_, adamw_, adamw, learning_rate,
               step);
    return result;
}

SplitResult RnnTrainee::evaluate(const std::vector<std::vector<int>>& sequences) {
    std::copy(network_.weights().begin(), network_.weights().end(), evaluator_.weights().begin());
    EvaluationBatches batches(sequences, end_token_, kEvaluationLanes, kEvaluationSteps);
    std::vector<float> state(
        static_cast<std::size_t>(options_.hidden_size) * static_cast<std::size_t>(batches.lanes()),
        0.0f);
    BlockLoss sum;
    for (Batch batch; batches.next(batch);) {
        const BlockLoss loss = evaluator_.forward(block_of(batch), {}, state);
        sum.nats += loss.nats;
        sum.hits += loss.hits;
        sum.tokens += loss.tokens;
    }
    const double tokens = static_cast<double>(std::max<std::int64_t>(1, sum.tokens));
    return {sum.nats / tokens, static_cast<double>(sum.hits) / tokens, sum.tokens};
}

std::vector<double> RnnTrainee::gradient_flow(const std::vector<std::vector<int>>& sequences,
                                              int distance) {
    std::copy(network_.weights().begin(), network_.weights().end(), evaluator_.weights().begin());
    EvaluationBatches batches(sequences, end_token_, kEvaluationLanes, distance);
    std::vector<float> state(
        static_cast<std::size_t>(options_.hidden_size) * static_cast<std::size_t>(batches.lanes()),
        0.0f);
    std::vector<double> norms(static_cast<std::size_t>(distance), 0.0);
    int blocks = 0;
    for (Batch batch; blocks < 16 && batches.next(batch); ++blocks) {
        evaluator_.forward(block_of(batch), {}, state);
        const auto of_block = evaluator_.gradient_norm_by_distance(distance);
        for (std::size_t k = 0; k < norms.size(); ++k) norms[k] += of_block[k];
    }
    for (double& norm : norms) norm /= std::max(1, blocks);
    return norms;
}

std::unique_ptr<models::LanguageModel> RnnTrainee::snapshot() const {
    if (network_.reads_frames()) return nullptr;
    return std::make_unique<models::rnn::RnnModel>(network_, end_token_);
}

void RnnTrainee::save_model(const fs::path& folder) const {
    models::rnn::save_rnn(network_, end_token_, folder);
}

void RnnTrainee::save_state(const fs::path& folder) const {
    const nn::Shape flat{network_.layout().total};
    nn::SafetensorsWriter writer;
    writer.add("weights", flat, network_.weights());
    writer.add("adamw.mean", flat, std::span<const float>(adamw_.mean));
    writer.add("adamw.square", flat, std::span<const float>(adamw_.square));
    writer.add("state", {options_.batch_size, options_.hidden_size},
               std::span<const float>(state_HB_));
    writer.write(folder / kStateFile);
}

void RnnTrainee::load_state(const fs::path& folder) {
    const nn::Shape flat{network_.layout().total};
    const nn::SafetensorsFile file(folder / kStateFile);
    const std::vector<float> weights = file.floats("weights", flat);
    std::vector<float> mean = file.floats("adamw.mean", flat);
    std::vector<float> square = file.floats("adamw.square", flat);
    std::vector<float> state = file.floats("state", {options_.batch_size, options_.hidden_size});
    std::copy(weights.begin(), weights.end(), network_.weights().begin());
    adamw_.mean = std::move(mean);
    adamw_.square = std::move(square);
    state_HB_ = std::move(state);
}

void RnnTrainee::load_weights(const fs::path& model_folder) {
    const RnnNetwork<float> loaded = models::rnn::load_rnn_network(model_folder, nullptr);
    if (!(loaded.sizes() == network_.sizes()))
        throw base::Error(base::ErrorKind::kModel,
                          fmt::format("got V={} E={} H={}, expected V={} E={} H={}",
                                      loaded.sizes().vocabulary, loaded.sizes().embedding,
                                      loaded.sizes().hidden, network_.sizes().vocabulary,
                                      network_.sizes().embedding, network_.sizes().hidden),
                          model_folder, "use the same tokenizer and sizes");
    std::copy(loaded.weights().begin(), loaded.weights().end(), network_.weights().begin());
}

}  // namespace symphony::training
