#include "symphony/bench/generation_speed.h"

#include "symphony/base/parallel.h"
#include "symphony/base/rng.h"
#include "symphony/bench/timing.h"
#include "symphony/models/random_weights.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace symphony::bench {
namespace {

constexpr int kRuns = 5, kRunsTogether = 3;
constexpr int kStreams = 32;

int likeliest(std::span<const float> logits) {
    return static_cast<int>(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

// `streams` copies of `model`, which has read a prompt, take `tokens` tokens each.
void compose_together(const models::Transformer& model, int streams, int tokens) {
    const auto batch = model.batch();
    std::vector<std::unique_ptr<models::LanguageModel>> copies;
    std::vector<models::LanguageModel*> taking_part;
    for (int s = 0; s < streams; ++s) {
        copies.push_back(model.copy());
        taking_part.push_back(copies.back().get());
    }
    std::vector<int> next(copies.size(), 0);
    for (int i = 0; i < tokens; ++i) {
        const auto rows = batch->step(taking_part, next);
        for (std::size_t s = 0; s < next.size(); ++s) next[s] = likeliest(rows[s]);
    }
}

}  // namespace

std::vector<int> bench_prompt(const models::TransformerConfig& config) {
    base::Rng rng(/*seed=*/1, "bench-prompt");
    std::vector<int> ids;
    for (int i = 0; i < config.context_length / 2; ++i)
        ids.push_back(
            static_cast<int>(rng.below(static_cast<std::uint64_t>(config.vocabulary_size))));
    return ids;
}

std::vector<GenerationSpeed> measure_generation(const std::string& name,
                                                const models::TransformerConfig& config,
                                                int threads) {
    using nn::WeightPrecision;
    std::vector<GenerationSpeed> speeds;
    const int half = config.context_length / 2;
    const std::vector<int> prompt = bench_prompt(config);
    if (threads == 0) threads = base::available_threads();
    threads = std::min(threads, kStreams);
    for (const WeightPrecision precision :
         {WeightPrecision::kFloat32, WeightPrecision::kBf16, WeightPrecision::kInt8}) {
        models::Transformer model(config, models::random_weights(config), precision);
        GenerationSpeed speed{.name = name,
                              .precision = precision,
                              .parameters = model.parameter_count(),
                              .prompt_tokens = half,
                              .tokens = config.context_length - half};
        int first = 0;
        const auto read_prompt = [&] {
            model.reset();
            first = likeliest(model.read(prompt));
        };
        speed.prompt_seconds = median_seconds(kRuns, read_prompt);
        const double together = median_seconds(kRuns, [&] {
            read_prompt();
            int token = first;
            for (int i = 0; i < speed.tokens; ++i) token = likeliest(model.next(token));
        });
        speed.token_seconds = (together - speed.prompt_seconds) / speed.tokens;
        read_prompt();
        speed.streams = kStreams / threads * threads;
        speed.threads = threads;
        speed.together_seconds =
            median_seconds(kRunsTogether,
                           [&] {
                               base::parallel_for(
                                   static_cast<std::size_t>(threads), threads, [&](std::size_t) {
                                       compose_together(model, kStreams / threads, speed.tokens);
                                   });
                           }) /
            speed.tokens;
        speeds.push_back(speed);
    }
    return speeds;
}

base::Json GenerationSpeed::to_json() const {
    return {{"name", name},
            {"precision", nn::precision_name(precision)},
            {"parameters", parameters},
            {"prompt_tokens", prompt_tokens},
            {"prompt_seconds", prompt_seconds},
            {"tokens", tokens},
            {"tokens_per_second", tokens_per_second()},
            {"streams", streams},
            {"threads", threads},
            {"together_tokens_per_second", together_per_second()},
            {"together_ratio", together_per_second() / tokens_per_second()}};
}

std::string GenerationSpeed::to_text() const {
    return fmt::format(
        "{:8} {:8} {:6.1f} M parameters  prompt of {} tokens {:6.1f} ms  then {:7.0f} tokens/s; {} "
        "streams on {} threads {:7.0f} tokens/s, {:.1f} times one",
        name, nn::precision_name(precision), static_cast<double>(parameters) / 1e6, prompt_tokens,
        1000 * prompt_seconds, tokens_per_second(), streams, threads, together_per_second(),
        together_per_second() / tokens_per_second());
}

}  // namespace symphony::bench
