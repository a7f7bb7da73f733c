// The output head lm_head.weight, which a tied model shares with its embedding.
#pragma once

#include "symphony/models/import/foreign_weights.h"
#include "symphony/models/transformer_config.h"
#include "symphony/models/weights.h"

namespace symphony::models {

// Adds it to `taken`, which has the embedding already, if the model is not tied. A tied model's
// file may hold it all the same; Error (kModel) if it then differs from the embedding.
void take_head(ForeignWeights& weights, const TransformerConfig& config, Weights& taken);

}  // namespace symphony::models
