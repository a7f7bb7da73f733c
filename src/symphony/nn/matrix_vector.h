// Matrix times vector for weights of few bytes: y (O) = scale_O x (W (O,I) x (I)) + beta y. SIMD by
// Highway, the instruction set picked at run time; one thread. Rows are contiguous; `scale_O` may
// be null (one); beta is 0 or 1. x is float32, sums are float32.
//
// The weights are widened to float32 and multiplied there: a token's time is that of reading the
// weights (docs/performance-notes.md), which bf16 dot products or VNNI do not shorten.
#pragma once

#include "symphony/nn/bf16.h"

#include <cstdint>

namespace symphony::nn {

void matrix_vector(const float* weight_OI, std::int64_t out, std::int64_t in, const float* x_I,
                   const float* scale_O, float beta, float* y_O);
void matrix_vector(const Bf16* weight_OI, std::int64_t out, std::int64_t in, const float* x_I,
                   const float* scale_O, float beta, float* y_O);
void matrix_vector(const std::int8_t* weight_OI, std::int64_t out, std::int64_t in,
                   const float* x_I, const float* scale_O, float beta, float* y_O);

// One query (size) against `count` cached keys and values (count, size) of one head: out (size) =
// softmax(query . key / sqrt(size)) x values. `scores` is scratch of at least `count`.
void attend_cached(const float* query, const float* keys, const float* values, std::int64_t count,
                   std::int64_t size, float* scores, float* out);
void attend_cached(const float* query, const Bf16* keys, const Bf16* values, std::int64_t count,
                   std::int64_t size, float* scores, float* out);

}  // namespace symphony::nn
