// GPT2LMHeadModel (Radford et al. 2019) as Hugging Face saves it.
#pragma once

#include "symphony/models/import/foreign_config.h"
#include "symphony/models/import/foreign_weights.h"
#include "symphony/models/transformer_config.h"

#include <vector>

namespace symphony::models {

// Reads the whole config. Throws Error (kModel) for what is not supported.
TransformerConfig gpt2_config(ForeignConfig& config);
// Takes all of its tensors, whose names may begin with "transformer.". Throws Error (kModel).
Weights take_gpt2(ForeignWeights& weights, const TransformerConfig& config);

}  // namespace symphony::models
