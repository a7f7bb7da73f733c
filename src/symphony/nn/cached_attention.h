// One query against the keys and values that a stream has read so far. SIMD by Highway; one thread.
#pragma once

#include "symphony/nn/bf16.h"

#include <cstdint>

namespace symphony::nn {

// One query (size) against `count` cached keys and values (count, size) of one head: out (size) =
// softmax(query . key / sqrt(size)) x values. `scores` is scratch of at least `count`.
void attend_cached(const float* query, const float* keys, const float* values, std::int64_t count,
                   std::int64_t size, float* scores, float* out);
void attend_cached(const float* query, const Bf16* keys, const Bf16* values, std::int64_t count,
                   std::int64_t size, float* scores, float* out);

}  // namespace symphony::nn
