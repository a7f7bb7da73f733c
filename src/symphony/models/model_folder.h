// A model on disk: config.json (family and sizes), model.safetensors (weights), tokenizer.json,
// symphony.json (data hash, seed, metrics, version). Laid out as the Hugging Face ecosystem does.
#pragma once

#include "symphony/base/json.h"
#include "symphony/models/language_model.h"
#include "symphony/nn/weight_matrix.h"

#include <filesystem>
#include <memory>

namespace symphony::models {

struct LoadedModel {
    std::unique_ptr<LanguageModel> model;
    base::Json config, tokenizer, provenance;  // config.json, tokenizer.json, symphony.json
    std::filesystem::path folder;
    std::string weights_sha256;
};

// Opens a model folder, or a run folder that holds one as RUN/model. `precision` is that of a
// transformer's matrices; the other families are float32 at any. Throws Error (kModel) if a
// file is missing, damaged or of an unknown family.
LoadedModel load_model(const std::filesystem::path& folder,
                       nn::WeightPrecision precision = nn::WeightPrecision::kFloat32);

}  // namespace symphony::models
