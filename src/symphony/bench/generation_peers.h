// The same weights composing in another program in the same run: Hugging Face's transformers
// (bench/generate/transformers_peer.py), which opens what `symphony export` writes. Own.
#pragma once

#include "symphony/base/json.h"
#include "symphony/bench/generation_speed.h"

#include <filesystem>
#include <string>

namespace symphony::bench {

struct GenerationPeerPlan {
    std::filesystem::path python,  // that has transformers: scripts/transformers-venv.sh
        script;
    int threads = 0;  // of theirs, 0: all cores
};

struct GenerationPeerSpeed {
    std::string version, precision;
    int threads = 0;
    double prompt_seconds = 0, token_seconds = 0;  // medians
    double our_token_seconds = 0;
    // Largest difference of a logit after the prompt, as a part of the largest logit.
    double logit_difference = 0;

    double ratio() const { return token_seconds / our_token_seconds; }
    base::Json to_json() const;
    std::string to_text() const;
};

// `ours`: the same configuration, float32 or bf16, measured just before. Throws Error (kInput) if
// the program fails, or if its logits are not ours: in float32 more than 1e-4 of the largest apart.
GenerationPeerSpeed measure_transformers(const GenerationSpeed& ours,
                                         const models::TransformerConfig& config,
                                         const GenerationPeerPlan& plan);

}  // namespace symphony::bench
