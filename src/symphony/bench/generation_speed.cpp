#include "symphony/bench/generation_speed.h"

#include "symphony/base/rng.h"
#include "symphony/bench/timing.h"
#include "symphony/models/random_weights.h"

#include <fmt/format.h>

#include <algorithm>

namespace symphony::bench {
namespace {

constexpr int kRuns = 5;

std::vector<int> random_prompt(int tokens, int vocabulary) {
    base::Rng rng(/*seed=*/1, "bench-prompt");
    std::vector<int> ids;
    for (int i = 0; i < tokens; ++i)
        ids.push_back(static_cast<int>(rng.below(static_cast<std::uint64_t>(vocabulary))));
    return ids;
}

int likeliest(std::span<const float> logits) {
    return static_cast<int>(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

}  // namespace

std::vector<GenerationSpeed> measure_generation(const std::string& name,
                                                const models::TransformerConfig& config) {
    using nn::WeightPrecision;
    std::vector<GenerationSpeed> speeds;
    const int half = config.context_length / 2;
    const std::vector<int> prompt = random_prompt(half, config.vocabulary_size);
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
            {"tokens_per_second", tokens_per_second()}};
}

std::string GenerationSpeed::to_text() const {
    return fmt::format(
        "{:8} {:8} {:6.1f} M parameters  prompt of {} tokens {:6.1f} ms  then {:7.0f} tokens/s",
        name, nn::precision_name(precision), static_cast<double>(parameters) / 1e6, prompt_tokens,
        1000 * prompt_seconds, tokens_per_second());
}

}  // namespace symphony::bench
