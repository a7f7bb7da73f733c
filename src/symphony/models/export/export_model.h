// A transformer for other programs: the folder that Hugging Face's transformers opens, or the one
// file of llama.cpp. Both know it as a Llama; its tokens are music, so neither gets a text
// tokenizer, only the tokens' names.
#pragma once

#include "symphony/models/transformer.h"
#include "symphony/models/weights.h"
#include "symphony/nn/weight_matrix.h"

#include <filesystem>
#include <string>
#include <vector>

namespace symphony::models {

struct ExportedModel {
    std::string name;
    TransformerConfig config;
    const Weights& weights;                // under the names that Transformer takes
    std::vector<std::string> token_names;  // by id
};

// config.json, generation_config.json, model.safetensors (float32 or bfloat16: norms too) and
// token_names.json. Throws Error (kUsage) for int8 and for an architecture that neither Llama nor
// Mistral has, (kInput) if the folder cannot be written.
void export_huggingface(const ExportedModel& model, nn::WeightPrecision precision,
                        const std::filesystem::path& folder);

// Matrices in F32, BF16 or Q8_0 (int8), norms in F32. llama.cpp turns neighbouring numbers of a
// head by RoPE where Llama turns halves: the rows of queries and keys are put in that order. Throws
// Error (kUsage) if Q8_0 is asked for and a width is no multiple of its block, or for an
// architecture that is not Llama's without biases, (kInput) if the file
// cannot be written.
void export_gguf(const ExportedModel& model, nn::WeightPrecision precision,
                 const std::filesystem::path& file);

}  // namespace symphony::models
