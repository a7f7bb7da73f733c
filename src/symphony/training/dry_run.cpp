#include "symphony/training/dry_run.h"

#include "symphony/training/batches.h"
#include "symphony/training/loop.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace symphony::training {
namespace fs = std::filesystem;
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t kMostTimedSteps = 3;
constexpr double kEnoughSeconds = 2;           // so long, and no further step is timed
constexpr std::int64_t kScoredTokens = 4'000;  // so many are scored to see how fast that is
constexpr double kMegabyte = 1e6;
// Weights and Adam's two means, in float32.
constexpr std::int64_t kCheckpointBytesPerParameter = 12;
constexpr std::int64_t kModelBytes = 4;  // a parameter in model.safetensors

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

std::int64_t tokens_of(const std::vector<std::vector<int>>& pieces) {
    std::int64_t tokens = 0;
    for (const auto& ids : pieces) tokens += static_cast<std::int64_t>(ids.size());
    return tokens;
}

double seconds_per_scored_token(Trainee& trainee, const TrainingData& data) {
    const auto pieces = valid_subset(data, kScoredTokens);
    const auto start = Clock::now();
    trainee.evaluate(pieces);
    return seconds_since(start) / static_cast<double>(tokens_of(pieces));
}

// Of the nearest folder above `path` that exists.
std::int64_t free_bytes(fs::path path) {
    path = fs::absolute(path);
    while (!fs::exists(path) && path != path.root_path()) path = path.parent_path();
    std::error_code error;
    const fs::space_info space = fs::space(path, error);
    return error ? 0 : static_cast<std::int64_t>(space.available);
}

}  // namespace

DryRun dry_run(Trainee& trainee, const TrainingData& data, const TrainOptions& options,
               const fs::path& run_folder, std::int64_t steps_done) {
    BatchStream stream(data, options.seed, options.batch_size, options.sequence_length,
                       options.vary_tempo);
    std::vector<Batch> batches(static_cast<std::size_t>(options.accumulate));
    const auto one_step = [&](std::int64_t step) {
        stream.fill(batches);
        trainee.step(batches, step, /*learning_rate=*/0);
    };
    DryRun d;
    one_step(0);  // the first one also pays for memory and caches
    const auto start = Clock::now();
    do one_step(++d.timed_steps);
    while (d.timed_steps < kMostTimedSteps && seconds_since(start) < kEnoughSeconds);
    d.seconds_per_step = seconds_since(start) / static_cast<double>(d.timed_steps);

    d.parameters = trainee.parameter_count();
    d.trained_parameters = trainee.trained_parameter_count();
    d.memory_bytes = trainee.memory_bytes();
    // last, its predecessor, best, and the model itself
    d.checkpoint_bytes =
        d.trained_parameters * 3 * kCheckpointBytesPerParameter + d.parameters * kModelBytes;
    d.steps = std::max<std::int64_t>(0, options.max_steps - steps_done);
    d.tokens_per_step =
        std::int64_t{options.batch_size} * options.sequence_length * options.accumulate;
    d.tokens_per_epoch = stream.tokens_per_epoch();
    d.epochs =
        static_cast<double>(d.steps * d.tokens_per_step) / static_cast<double>(d.tokens_per_epoch);
    const double per_token = seconds_per_scored_token(trainee, data);
    d.seconds_per_evaluation =
        per_token * static_cast<double>(tokens_of(valid_subset(data)) +
                                        tokens_of(train_subset(data, options.seed)));
    const std::int64_t interval = evaluation_interval(options, d.tokens_per_epoch);
    d.evaluations = (d.steps + interval - 1) / interval + (steps_done == 0 ? 1 : 0);
    const double test = options.test ? per_token * static_cast<double>(tokens_of(data.test)) : 0;
    d.minutes = (d.seconds_per_step * static_cast<double>(d.steps) +
                 d.seconds_per_evaluation * static_cast<double>(d.evaluations) + test) /
                60;
    d.free_disk_bytes = free_bytes(run_folder);
    return d;
}

base::Json DryRun::to_json() const {
    base::Json json;
    json["parameters"] = parameters;
    json["trained_parameters"] = trained_parameters;
    json["memory_bytes"] = memory_bytes;
    json["checkpoint_bytes"] = checkpoint_bytes;
    json["free_disk_bytes"] = free_disk_bytes;
    json["steps"] = steps;
    json["tokens_per_step"] = tokens_per_step;
    json["tokens_per_epoch"] = tokens_per_epoch;
    json["epochs"] = epochs;
    json["seconds_per_step"] = seconds_per_step;
    json["evaluations"] = evaluations;
    json["seconds_per_evaluation"] = seconds_per_evaluation;
    json["minutes"] = minutes;
    return json;
}

std::string DryRun::to_text() const {
    return fmt::format(
        "parameters     {}\n"
        "trained        {}\n"
        "memory         {:.0f} MB\n"
        "checkpoints    {:.1f} MB of {:.0f} MB free\n"
        "a step         {} tokens, {:.3f} s ({:.0f} tokens/s)\n"
        "steps          {} ({:.1f} epochs of {} tokens)\n"
        "evaluations    {} of {:.1f} s\n"
        "time           {:.1f} min\n",
        parameters, trained_parameters, static_cast<double>(memory_bytes) / kMegabyte,
        static_cast<double>(checkpoint_bytes) / kMegabyte,
        static_cast<double>(free_disk_bytes) / kMegabyte, tokens_per_step, seconds_per_step,
        static_cast<double>(tokens_per_step) / seconds_per_step, steps, epochs, tokens_per_epoch,
        evaluations, seconds_per_evaluation, minutes);
}

std::string DryRun::to_line(const TrainOptions& options) const {
    std::string line = options.lora.rank ? fmt::format("trains {} parameters beside {} that stay",
                                                       trained_parameters, parameters)
                                         : fmt::format("trains {} parameters", trained_parameters);
    line += fmt::format(
        "; needs about {:.0f} MB and {:.1f} min: {} steps of {:.2f} s ({} tried), {} evaluations "
        "of "
        "{:.1f} s",
        static_cast<double>(memory_bytes) / kMegabyte, minutes, steps, seconds_per_step,
        timed_steps, evaluations, seconds_per_evaluation);
    if (options.max_minutes > 0 && options.max_minutes < minutes)
        line += fmt::format("; --max-minutes ends it at {:g}", options.max_minutes);
    return line;
}

}  // namespace symphony::training
