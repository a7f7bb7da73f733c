// LlamaForCausalLM (Touvron et al., arXiv:2302.13971) and MistralForCausalLM (Jiang et al.,
// arXiv:2310.06825) as Hugging Face saves them.
#pragma once

#include "symphony/models/import/foreign_config.h"
#include "symphony/models/import/foreign_weights.h"
#include "symphony/models/transformer_config.h"

#include <string>

namespace symphony::models {

// Reads the whole config. Throws Error (kModel) for what is not supported.
TransformerConfig llama_config(ForeignConfig& config, bool mistral);
// The tensors of a stack and its embedding: `from` and `to` are "model." or what stands for it.
std::vector<Move> llama_moves(const TransformerConfig& config, const std::string& from,
                              const std::string& to);
// Takes all of its tensors. Throws Error (kModel).
Weights take_llama(ForeignWeights& weights, const TransformerConfig& config);

// RoPE's inverse frequencies, which older programs saved.
bool is_rope_buffer(const std::string& name);

}  // namespace symphony::models
