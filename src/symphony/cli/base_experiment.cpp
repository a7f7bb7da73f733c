#include "symphony/cli/base_experiment.h"

#include <fmt/format.h>

#include <algorithm>

namespace symphony::cli {

namespace fs = std::filesystem;

namespace {

// A step of the base is some twelve times as long as the small transformer's on as many tokens; so
// both arms have about as long (docs/benchmarks.md).
constexpr std::int64_t kScratchShare = 2, kTunedShare = 12;
constexpr int kTunedBatch = 4, kTunedContext = 1024;
// Twice what tune takes for itself: there are but a few dozen steps (docs/tuning.md).
constexpr double kTunedLearningRate = 6e-4;

}  // namespace

std::vector<Stage> base_experiment(const LearnPlanOptions& options, const fs::path& base) {
    const auto at = [&](const char* name) { return (options.folder / name).string(); };
    const auto weights = [&](const char* run) {
        return options.folder / "models" / run / "model" / "model.safetensors";
    };
    const std::string data = at("data-base"), scratch = at("models/from-scratch"),
                      tuned = at("models/base-tuned");
    Stage prepare{"base: prepare in its tokens",
                  {"prepare", options.music.string(), "-o", data, "--tokenizer",
                   (base / "tokenizer.json").string(), "--force"},
                  {},
                  5,
                  {data + "/dataset.json"}};
    if (options.tempo > 0)
        prepare.arguments.insert(prepare.arguments.end(),
                                 {"--default-tempo", fmt::format("{}", options.tempo)});
    const std::int64_t scratch_steps =
        steps_for(options.tokens_per_model / kScratchShare, "transformer");
    const std::int64_t tuned_steps = std::max<std::int64_t>(
        2, options.tokens_per_model / kTunedShare / (kTunedBatch * kTunedContext));
    const Stage train{"base: a transformer from scratch",
                      {"train", data, "--model", "transformer", "-o", scratch, "--max-steps",
                       std::to_string(scratch_steps), "--no-transpose", "--renew"},
                      {},
                      80,
                      {weights("from-scratch")}};
    const Stage tune{"base: tune it",
                     {"tune", data, "--from", base.string(), "-o", tuned, "--max-steps",
                      std::to_string(tuned_steps), "--evaluate-every", std::to_string(tuned_steps),
                      "--batch-size", std::to_string(kTunedBatch), "--learning-rate",
                      fmt::format("{}", kTunedLearningRate), "--no-transpose", "--renew"},
                     {},
                     80,
                     {weights("base-tuned")}};
    const Stage evaluate{
        "base: evaluate on held-out pieces",
        {"evaluate", scratch, base.string(), tuned, "--data", data, "--split", "test", "--json"},
        options.folder / "base.json",
        30};
    return {prepare, train, tune, evaluate};
}

}  // namespace symphony::cli
