// Draws the next token from a model's logits, under a mask.
#pragma once

#include "symphony/base/option_table.h"
#include "symphony/base/rng.h"

#include <cstdint>
#include <span>

namespace symphony::generate {

// Applied in this order; each at its default changes nothing.
struct SamplerOptions {
    double temperature = 1;  // logits are divided by it; 0 takes the likeliest id
    int top_k = 0;           // only the k likeliest ids; 0: all
    double top_p = 1;        // only the likeliest ids that together reach this probability
    double min_p = 0;        // only ids at least this share as likely as the likeliest

    void describe(base::OptionTable& table);
};

// What takes are drawn with unless asked otherwise: a little safer than the model itself, since a
// slip changes all that follows.
inline constexpr SamplerOptions kMusicalSampling{.temperature = 0.8, .top_p = 0.95};

// Index of the id drawn. Ids with mask 0 count as -inf before anything else; equal logits are
// ordered by id. Exactly one draw is taken from `rng` (none where temperature is 0), so that takes
// repeat. Preconditions: equal sizes, at least one id with mask 1. Throws Error (kDiverged) if a
// logit that counts is not a number.
int sample(std::span<const float> logits_V, std::span<const std::uint8_t> mask_V,
           const SamplerOptions& options, base::Rng& rng);

}  // namespace symphony::generate
