#include "symphony/training/dry_run.h"

#include "symphony/training/batches.h"

#include <fmt/format.h>

#include <chrono>

namespace symphony::training {
namespace fs = std::filesystem;
namespace {

constexpr int kTimedSteps = 3;
constexpr double kMegabyte = 1e6;
// Weights and Adam's two means, in float32.
constexpr std::int64_t kCheckpointBytesPerParameter = 12;

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
               const fs::path& run_folder) {
    BatchStream stream(data, options.seed, options.batch_size, options.sequence_length,
                       options.vary_tempo);
    std::vector<Batch> batches(static_cast<std::size_t>(options.accumulate));
    const auto one_step = [&](std::int64_t step) {
        stream.fill(batches);
        trainee.step(batches, step, /*learning_rate=*/0);
    };
    one_step(0);  // the first one also pays for memory and caches
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    for (int i = 1; i <= kTimedSteps; ++i) one_step(i);

    DryRun d;
    d.seconds_per_step = std::chrono::duration<double>(Clock::now() - start).count() / kTimedSteps;
    d.parameters = trainee.parameter_count();
    d.memory_bytes = trainee.memory_bytes();
    // last, its predecessor, best, and the model itself
    d.checkpoint_bytes = d.parameters * (3 * kCheckpointBytesPerParameter + 4);
    d.steps = options.max_steps;
    d.tokens_per_step =
        std::int64_t{options.batch_size} * options.sequence_length * options.accumulate;
    d.tokens_per_epoch = stream.tokens_per_epoch();
    d.epochs =
        static_cast<double>(d.steps * d.tokens_per_step) / static_cast<double>(d.tokens_per_epoch);
    d.minutes = d.seconds_per_step * static_cast<double>(d.steps) / 60;
    d.free_disk_bytes = free_bytes(run_folder);
    return d;
}

base::Json DryRun::to_json() const {
    base::Json json;
    json["parameters"] = parameters;
    json["memory_bytes"] = memory_bytes;
    json["checkpoint_bytes"] = checkpoint_bytes;
    json["free_disk_bytes"] = free_disk_bytes;
    json["steps"] = steps;
    json["tokens_per_step"] = tokens_per_step;
    json["tokens_per_epoch"] = tokens_per_epoch;
    json["epochs"] = epochs;
    json["seconds_per_step"] = seconds_per_step;
    json["minutes"] = minutes;
    return json;
}

std::string DryRun::to_text() const {
    return fmt::format(
        "parameters     {}\n"
        "memory         {:.0f} MB\n"
        "checkpoints    {:.1f} MB of {:.0f} MB free\n"
        "a step         {} tokens, {:.3f} s ({:.0f} tokens/s)\n"
        "steps          {} ({:.1f} epochs of {} tokens)\n"
        "time           {:.1f} min, evaluations not counted\n",
        parameters, static_cast<double>(memory_bytes) / kMegabyte,
        static_cast<double>(checkpoint_bytes) / kMegabyte,
        static_cast<double>(free_disk_bytes) / kMegabyte, tokens_per_step, seconds_per_step,
        static_cast<double>(tokens_per_step) / seconds_per_step, steps, epochs, tokens_per_epoch,
        minutes);
}

}  // namespace symphony::training
