#include "symphony/bench/training_speed.h"

#include "symphony/base/memory.h"
#include "symphony/base/rng.h"
#include "symphony/bench/timing.h"

#include <fmt/format.h>

#include <algorithm>

namespace symphony::bench {

namespace {

constexpr double kGiga = 1e9;
constexpr int kGenerationRuns = 3;

training::Batch random_batch(const training::TrainOptions& options) {
    training::Batch batch{options.batch_size, options.sequence_length, {}, {}, {}};
    base::Rng rng(static_cast<std::uint64_t>(options.seed), "bench");
    const auto tokens = static_cast<std::size_t>(options.batch_size) *
                        static_cast<std::size_t>(options.sequence_length);
    for (std::size_t i = 0; i < tokens; ++i) {
        batch.inputs_BT.push_back(static_cast<int>(rng.below(kVocabulary)));
        batch.targets_BT.push_back(static_cast<int>(rng.below(kVocabulary)));
        batch.reset_BT.push_back(i % static_cast<std::size_t>(options.sequence_length) == 0);
    }
    return batch;
}

double seconds_per_generated_token(training::Trainee& trainee, int tokens) {
    const auto model = trainee.snapshot();
    const double seconds = median_seconds(kGenerationRuns, [&] {
        model->reset();
        int token = model->start_token();
        for (int i = 0; i < tokens; ++i) {
            const auto logits = model->next(token);
            token =
                static_cast<int>(std::max_element(logits.begin(), logits.end()) - logits.begin());
        }
    });
    return seconds / tokens;
}

}  // namespace

double ModelSpeed::training_tokens_per_second() const {
    return static_cast<double>(tokens_per_step) / seconds_per_step;
}
double ModelSpeed::training_flops_per_second() const {
    return flops_per_token * training_tokens_per_second();
}
double ModelSpeed::generated_tokens_per_second() const { return 1 / seconds_per_token; }

base::Json ModelSpeed::to_json() const {
    return {{"name", name},
            {"precision", precision},
            {"parameters", parameters},
            {"tokens_per_step", tokens_per_step},
            {"seconds_per_step", seconds_per_step},
            {"training_tokens_per_second", training_tokens_per_second()},
            {"training_flops_per_second", training_flops_per_second()},
            {"generated_tokens_per_second", generated_tokens_per_second()},
            {"peak_memory_bytes", peak_memory_bytes}};
}

std::string ModelSpeed::to_text() const {
    return fmt::format(
        "{:8} {:8} {:6.1f} M parameters  training {:8.0f} tokens/s ({:5.0f} GFLOP/s)  "
        "generation {:7.0f} tokens/s  peak memory {:.0f} MiB",
        name, precision, static_cast<double>(parameters) / 1e6, training_tokens_per_second(),
        training_flops_per_second() / kGiga, generated_tokens_per_second(),
        static_cast<double>(peak_memory_bytes) / (1 << 20));
}

double seconds_per_training_step(training::Trainee& trainee, const training::TrainOptions& options,
                                 int steps) {
    const std::vector<training::Batch> batches{random_batch(options)};
    std::int64_t step = 0;
    return median_seconds(steps, [&] { trainee.step(batches, step++, /*learning_rate=*/1e-4); });
}

ModelSpeed measure_speed(const std::string& name, training::Trainee& trainee,
                         const training::TrainOptions& options, int steps) {
    ModelSpeed speed{.name = name, .precision = options.precision};
    speed.parameters = trainee.parameter_count();
    speed.tokens_per_step = std::int64_t{options.batch_size} * options.sequence_length;
    speed.flops_per_token = 6.0 * static_cast<double>(speed.parameters);
    if (options.model == "transformer")
        speed.flops_per_token +=
            6.0 * options.layers * options.hidden_size * options.sequence_length;
    speed.seconds_per_step = seconds_per_training_step(trainee, options, steps);
    speed.peak_memory_bytes = base::peak_memory_bytes();
    speed.seconds_per_token = seconds_per_generated_token(trainee, options.sequence_length);
    return speed;
}

}  // namespace symphony::bench
