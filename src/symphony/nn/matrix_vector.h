// A matrix of weights times one vector, or a few: y (O) = scale_O x (W (O,I) x (I)) + beta y for
// each. SIMD by Highway, the instruction set picked at run time; one thread. Rows are contiguous;
// `scale_O` may be null (one); beta is 0 or 1. x is float32, sums are float32.
//
// Each vector's result is the same, bit for bit, whether it is multiplied alone or among others:
// its sums run in the same order. With few vectors a product's time is that of reading the weights
// (docs/performance-notes.md), with many that of the multiplications.
#pragma once

#include "symphony/nn/bf16.h"

#include <cstdint>

namespace symphony::nn {

// x (N,I), y (N,O).
void matrix_vectors(const float* weight_OI, std::int64_t out, std::int64_t in, const float* x_NI,
                    std::int64_t vectors, const float* scale_O, float beta, float* y_NO);
void matrix_vectors(const Bf16* weight_OI, std::int64_t out, std::int64_t in, const float* x_NI,
                    std::int64_t vectors, const float* scale_O, float beta, float* y_NO);
void matrix_vectors(const std::int8_t* weight_OI, std::int64_t out, std::int64_t in,
                    const float* x_NI, std::int64_t vectors, const float* scale_O, float beta,
                    float* y_NO);

}  // namespace symphony::nn
