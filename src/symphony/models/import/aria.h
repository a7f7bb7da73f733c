// Aria (EleutherAI/aria, Apache-2.0), the pre-trained pianist: a Llama with LayerNorm, whose
// queries, keys and values are one matrix.
#pragma once

#include "symphony/models/import/foreign_config.h"
#include "symphony/models/import/foreign_weights.h"
#include "symphony/models/transformer_config.h"

namespace symphony::models {

// Is it Aria's, by its names of tensors?
bool is_aria(const ForeignWeights& weights);
// Reads the whole config; constants that the published files do not state are Aria's own. Throws
// Error (kModel) for what is not supported.
TransformerConfig aria_config(ForeignConfig& config, const ForeignWeights& weights);
// Takes all of its tensors. Throws Error (kModel).
Weights take_aria(ForeignWeights& weights, const TransformerConfig& config);

}  // namespace symphony::models
