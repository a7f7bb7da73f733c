// GELU (Hendrycks & Gimpel, arXiv:1606.08415), the activation of GPT-2 and its kin, in its two
// forms. Over n contiguous float32; out may be x. Split among threads by the row.
#pragma once

#include <cstdint>

namespace symphony::nn {

// x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2: Hugging Face's "gelu_new" and
// "gelu_pytorch_tanh". SIMD by Highway.
void gelu_tanh_rows(const float* x, std::int64_t rows, std::int64_t width, float* out);
// x (1 + erf(x / sqrt 2)) / 2: "gelu".
void gelu_erf_rows(const float* x, std::int64_t rows, std::int64_t width, float* out);

}  // namespace symphony::nn
