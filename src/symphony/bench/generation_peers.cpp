#include "symphony/bench/generation_peers.h"

#include "symphony/base/parallel.h"
#include "symphony/base/temporary_folder.h"
#include "symphony/bench/peer_script.h"
#include "symphony/models/export/export_model.h"
#include "symphony/models/random_weights.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace symphony::bench {

namespace {

constexpr double kSameLogits = 1e-4;  // in float32; bfloat16 rounds each activation there
constexpr auto kTimeout = std::chrono::seconds(600);

// Of two rows of logits, as a part of the largest of ours.
double difference(std::span<const float> ours, const std::vector<float>& theirs) {
    if (ours.size() != theirs.size()) return INFINITY;
    double most = 0, largest = 0;
    for (std::size_t i = 0; i < ours.size(); ++i) {
        most = std::max(most, std::abs(double{ours[i]} - double{theirs[i]}));
        largest = std::max(largest, std::abs(double{ours[i]}));
    }
    return most / largest;
}

}  // namespace

GenerationPeerSpeed measure_transformers(const GenerationSpeed& ours,
                                         const models::TransformerConfig& config,
                                         const GenerationPeerPlan& plan) {
    const base::TemporaryFolder folder;
    const models::Weights weights = models::random_weights(config);
    models::export_huggingface({ours.name, config, weights, {}}, ours.precision, folder.path());
    const std::vector<int> prompt = bench_prompt(config);
    base::write_json_file(folder.path() / "prompt.json", prompt);

    GenerationPeerSpeed speed;
    speed.precision = nn::precision_name(ours.precision);
    speed.threads = plan.threads > 0 ? plan.threads : base::available_threads();
    const std::string threads = std::to_string(speed.threads);
    base::ProcessOptions options;
    options.timeout = kTimeout;
    const base::Json told =
        ask_peer({"/usr/bin/env", "-u", "OMP_WAIT_POLICY", "OMP_NUM_THREADS=" + threads,
                  "HF_HUB_OFFLINE=1", plan.python.string(), plan.script.string(),
                  folder.path().string(), (folder.path() / "prompt.json").string(),
                  std::to_string(ours.tokens), speed.precision, threads},
                 options, plan.script, {}, "scripts/transformers-venv.sh installs what it needs");
    speed.version = told.at("version").get<std::string>();
    speed.prompt_seconds = told.at("prompt_seconds").get<double>();
    speed.token_seconds =
        (told.at("seconds").get<double>() - speed.prompt_seconds) / (ours.tokens - 1);
    speed.our_token_seconds = ours.token_seconds;
    models::Transformer model(config, models::random_weights(config), ours.precision);
    speed.logit_difference =
        difference(model.read(prompt), told.at("logits").get<std::vector<float>>());
    if (ours.precision == nn::WeightPrecision::kFloat32 && !(speed.logit_difference <= kSameLogits))
        throw base::Error(base::ErrorKind::kInput,
                          fmt::format("its logits differ from ours by {:.2g} of the largest, "
                                      "expected at most {:.0g}: not the same model",
                                      speed.logit_difference, kSameLogits),
                          plan.script);
    return speed;
}

base::Json GenerationPeerSpeed::to_json() const {
    return {{"name", "transformers"},
            {"version", version},
            {"precision", precision},
            {"threads", threads},
            {"prompt_seconds", prompt_seconds},
            {"tokens_per_second", 1 / token_seconds},
            {"our_tokens_per_second", 1 / our_token_seconds},
            {"ratio", ratio()},
            {"logit_difference", logit_difference}};
}

std::string GenerationPeerSpeed::to_text() const {
    return fmt::format(
        "    beside {}, {} with {} thread{}: {:.0f} tokens/s, ours {:.1f} times as fast; logits "
        "differ by {:.1g} of the largest",
        version, precision, threads, threads == 1 ? "" : "s", 1 / token_seconds, ratio(),
        logit_difference);
}

}  // namespace symphony::bench
