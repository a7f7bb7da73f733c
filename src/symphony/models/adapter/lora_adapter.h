// Low-rank adapters of a transformer in Llama's shape (LoRA: Hu et al., arXiv:2106.09685): beside a
// projection's weights W (out,in) two narrow matrices, A (r,in) and B (out,r), and the layer
// computes (W + alpha / r B A) x.
#pragma once

#include "symphony/models/weights.h"

#include <array>
#include <string>
#include <vector>

namespace symphony::models {

// The projections of a block that can have an adapter, in the order of computing.
inline constexpr std::array<const char*, 7> kLoraTargets = {
    "q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"};

struct LoraConfig {
    int rank = 0;
    double alpha = 0;
    std::vector<std::string> targets;  // names of projections, or their ends: "1.mlp.up_proj"

    double scale() const { return alpha / rank; }
};

// The model that an adapter was made for.
struct BaseModel {
    std::string name;
    std::string weights_sha256;  // of its model.safetensors; empty: not known
};

struct LoraAdapter {
    LoraConfig config;
    BaseModel base;
    // "model.layers.0.self_attn.q_proj.lora_A.weight" (r,in) and ".lora_B.weight" (out,r).
    Weights factors;
};

// Adds alpha / r B A to each projection that has them, summed in double and rounded once. Throws
// Error (kModel) if the adapter does not fit: a factor without its pair or of another shape, a
// tensor that adapts nothing here, a projection that `targets` names and that has none, a sum that
// is not finite. `weights` are then partly merged.
void merge_adapter(const LoraAdapter& adapter, Weights& weights);

}  // namespace symphony::models
