// Models as others publish them, with random weights: every tensor under the name and in the shape
// that the published files have.
#pragma once

#include "symphony/base/json.h"
#include "symphony/models/weights.h"

#include <filesystem>
#include <string>
#include <vector>

namespace symphony::models {

struct ForeignModel {
    base::Json config;
    Weights tensors;
};

// Sizes of a model to make. Widths that differ wherever a mistake could hide behind equal ones.
struct ForeignSizes {
    int vocabulary = 30, width = 24, inner = 40, layers = 3, heads = 4, key_heads = 4;
    int positions = 32;
    double spread = 1.5;          // of a matrix's weights, times 1 / sqrt(width)
    double embedding_spread = 1;  // small ones let a norm's epsilon count
};

// GPT2LMHeadModel; `prefix` is "transformer." or nothing.
ForeignModel random_gpt2(const ForeignSizes& sizes, const std::string& prefix = "transformer.");
// LlamaForCausalLM, untied.
ForeignModel random_llama(const ForeignSizes& sizes);
// MistralForCausalLM, untied, with a window of `window` tokens and heads of `head_dim`.
ForeignModel random_mistral(const ForeignSizes& sizes, int window, int head_dim);
ForeignModel random_aria(const ForeignSizes& sizes);
// midi-model of SkyTNT with tokens of version 1 or 2 (the vocabulary is theirs); the network over
// an event's ids has one layer, and heads of another width.
ForeignModel random_skytnt(const ForeignSizes& sizes, int version);

// config.json and model.safetensors, in bfloat16 if asked.
void write_foreign(const ForeignModel& model, const std::filesystem::path& folder,
                   bool as_bf16 = false);
// The same in two files and an index.
void write_sharded(const ForeignModel& model, const std::filesystem::path& folder);

}  // namespace symphony::models
