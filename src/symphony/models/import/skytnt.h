// midi-model (SkyTNT/midi-model, Apache-2.0): two Llamas and the description of its tokens in one
// config.json.
#pragma once

#include "symphony/models/event_rows_model.h"
#include "symphony/models/import/foreign_config.h"
#include "symphony/models/import/foreign_weights.h"

#include <string>

namespace symphony::models {

struct SkytntModel {
    EventRowsConfig config;
    int version = 2;     // of its tokens
    std::string scheme;  // "skytnt-v2o"
};

// Reads the whole config. Throws Error (kModel) for what is not supported.
SkytntModel skytnt_config(ForeignConfig& config);
// Takes all of its tensors. Throws Error (kModel).
Weights take_skytnt(ForeignWeights& weights, const EventRowsConfig& config);

}  // namespace symphony::models
