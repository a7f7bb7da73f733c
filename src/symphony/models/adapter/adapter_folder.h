// An adapter on disk, as Hugging Face's PEFT lays it out: adapter_config.json and
// adapter_model.safetensors, whose names begin with "base_model.model.".
#pragma once

#include "symphony/models/adapter/lora_adapter.h"

#include <filesystem>

namespace symphony::models {

// Into a folder that is there. The base's SHA-256 goes into the safetensors file's metadata, where
// PEFT does not mind it.
void write_adapter(const std::filesystem::path& folder, const LoraAdapter& adapter);

// Reads what PEFT or write_adapter wrote. Throws Error (kModel) naming the file: a setting that is
// not known or not plain LoRA (DoRA, rank-stabilised, biases, modules saved whole, ...), a tensor
// that is no factor, or that is not finite. Whether it fits a model, merge_adapter says.
LoraAdapter read_adapter(const std::filesystem::path& folder);

}  // namespace symphony::models
