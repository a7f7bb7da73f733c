// What operations on nn/'s kernels have in common: a tensor's numbers as the kernels take them.
// Only for the sources of ops.
#pragma once

#include "symphony/nn/bf16.h"

#include <ATen/ATen.h>
#include <c10/util/Optional.h>

namespace symphony::training::torch_net::ops {

// Does the operation take the fast path for x?
bool use_kernels(const at::Tensor& x);

inline float* data(const at::Tensor& x) { return x.data_ptr<float>(); }
inline nn::Bf16* bits(const at::Tensor& x) {
    return reinterpret_cast<nn::Bf16*>(x.data_ptr<at::BFloat16>());
}

inline bool is_bf16(const at::Tensor& x) { return x.scalar_type() == at::kBFloat16; }

// x itself if it is bf16 already.
inline at::Tensor to_bf16(const at::Tensor& x) {
    if (is_bf16(x)) return x;
    const at::Tensor out = at::empty(x.sizes(), x.options().dtype(at::kBFloat16));
    nn::to_bf16(data(x), x.numel(), bits(out));
    return out;
}

}  // namespace symphony::training::torch_net::ops
