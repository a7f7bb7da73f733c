// A published model's folder as one of ours. Which family it is, its own files say; nothing of them
// is guessed: docs/pretrained.md.
#pragma once

#include "symphony/base/json.h"
#include "symphony/models/weights.h"

#include <filesystem>
#include <string>
#include <vector>

namespace symphony::models {

struct ImportedModel {
    std::string family;   // "GPT2LMHeadModel", "Anticipatory Music Transformer"
    std::string licence;  // what is known of it
    // The token scheme that the family has; empty where a MidiTok tokenizer lies beside it.
    std::string scheme;
    std::filesystem::path miditok_file;
    base::Json
        config;       // of ours, complete but for the start token of a model with MidiTok's tokens
    Weights weights;  // under our names
    bool bf16 = false;    // all its weights were bfloat16
    base::Json sampling;  // options of `generate` that the family is drawn with; may be empty
    std::vector<std::filesystem::path> sources;  // of the weights
    std::vector<std::string> remarks;            // what the user should know of it
};

// Throws Error (kModel) naming what is missing, damaged or not supported.
ImportedModel import_model(const std::filesystem::path& folder);

}  // namespace symphony::models
