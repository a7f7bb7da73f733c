// LayerNorm (Ba et al., arXiv:1607.06450) with weight and bias, as GPT-2 and Aria have it where our
// own models have RMSNorm. Rows are contiguous float32; SIMD by Highway.
#pragma once

#include <cstddef>
#include <cstdint>

namespace symphony::nn {

// out = (x - mean) / sqrt(variance + epsilon) * weight + bias over n; out may be x. One thread.
void layer_norm(const float* x, const float* weight, const float* bias, std::size_t n,
                float epsilon, float* out);

// The same for each row of x (N,C), split among threads.
void layer_norm_rows(const float* x_NC, const float* weight_C, const float* bias_C,
                     std::int64_t rows, std::int64_t width, float epsilon, float* out_NC);

}  // namespace symphony::nn
