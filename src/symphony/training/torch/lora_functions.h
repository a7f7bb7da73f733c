// A linear layer whose weights stay as they are, with a trained adapter beside them
// (models/adapter/lora_adapter.h), as an autograd operation.
#pragma once

#include "symphony/training/torch/functions.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace symphony::training::torch_net::ops {

// Several projections of one x are one matrix product: their outputs are equal blocks of columns,
// side by side, of which some have an adapter.
struct LoraFactors {
    at::Tensor a, b;  // (M*R,I), (M*O/parts,R): those of the M blocks that have one, in turn
    std::vector<std::int64_t> blocks;  // their indices, rising
    std::int64_t parts = 1;
    double scale = 1;

    bool empty() const { return blocks.empty(); }
};

// x (N,I) x weight (O,I) transposed + scale x (x A^T) B^T in each block that has factors. No
// gradient for `weight`. Of float32, or for an inner product of what `products` says.
at::Tensor lora_linear(const at::Tensor& x_NI, const at::Tensor& weight_OI,
                       const LoraFactors& factors, Products products, bool inner);

}  // namespace symphony::training::torch_net::ops
