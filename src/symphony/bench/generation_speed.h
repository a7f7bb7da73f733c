// How fast a transformer composes, at each precision of its weights: one stream, the prompt and
// then token by token; then many streams together. Random weights; the speed does not depend on
// what was learned. Own.
#pragma once

#include "symphony/base/json.h"
#include "symphony/models/transformer.h"

#include <cstdint>
#include <string>
#include <vector>

namespace symphony::bench {

struct GenerationSpeed {
    std::string name;
    nn::WeightPrecision precision = nn::WeightPrecision::kFloat32;
    std::int64_t parameters = 0;
    int prompt_tokens = 0, tokens = 0;
    double prompt_seconds = 0;  // median: read at once, until the first logits
    double token_seconds = 0;   // median of runs: mean over `tokens` after the prompt
    int streams = 0, threads = 0;
    double together_seconds = 0;  // the same of one token of every stream, on all threads

    double tokens_per_second() const { return 1 / token_seconds; }
    double together_per_second() const { return streams / together_seconds; }
    base::Json to_json() const;
    std::string to_text() const;
};

// Half the context is prompt, the other half is composed. One stream has one thread; 32 streams
// that have read the same prompt are split among `threads` (0: all cores), a batch each.
std::vector<GenerationSpeed> measure_generation(const std::string& name,
                                                const models::TransformerConfig& config,
                                                int threads);

// The prompt that is read: random tokens, half the context.
std::vector<int> bench_prompt(const models::TransformerConfig& config);

}  // namespace symphony::bench
