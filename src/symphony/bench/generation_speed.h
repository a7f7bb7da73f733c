// How fast a transformer composes one stream, at each precision of its weights: the prompt, then
// token by token. Random weights; the speed does not depend on what was learned. Own.
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

    double tokens_per_second() const { return 1 / token_seconds; }
    base::Json to_json() const;
    std::string to_text() const;
};

// One thread. Half the context is prompt, the other half is composed.
std::vector<GenerationSpeed> measure_generation(const std::string& name,
                                                const models::TransformerConfig& config);

}  // namespace symphony::bench
