// tokenizer.json of MidiTok <-> options.
#pragma once

#include "symphony/base/json.h"
#include "symphony/tokens/miditok/config.h"

#include <string>

namespace symphony::tokens::miditok {

// Error (kModel, naming `path`) if it is damaged, of an unknown class or larger than any real one.
Config config_from_json(const base::Json& json, const std::string& path);

// As MidiTok's save() writes it, without a trained model.
base::Json config_to_json(const Config& config);

}  // namespace symphony::tokens::miditok
