// Rows kept in float32 or in bf16 and worked on in float32: kernels over many rows are written once
// for both. A float32 row is read and written where it is; a bf16 row passes through a scratch row
// of its thread.
#pragma once

#include "symphony/nn/bf16.h"
#include "symphony/nn/elementwise.h"

#include <algorithm>
#include <cstddef>

namespace symphony::nn {

// The row's numbers; `scratch` holds n floats and may be used.
inline const float* read_row(const float* row, std::size_t, float*) { return row; }
inline const float* read_row(const Bf16* row, std::size_t n, float* scratch) {
    widen_bf16(row, n, scratch);
    return scratch;
}

// Where to write a row's numbers; keep_row() then stores them.
inline float* row_room(float* row, float*) { return row; }
inline float* row_room(Bf16*, float* scratch) { return scratch; }
inline void keep_row(const float*, std::size_t, float*) {}
inline void keep_row(const float* written, std::size_t n, Bf16* row) {
    round_to_bf16(written, n, row);
}

// A row that was worked out elsewhere.
inline void store_row(const float* row, std::size_t n, float* out) { std::copy_n(row, n, out); }
inline void store_row(const float* row, std::size_t n, Bf16* out) { round_to_bf16(row, n, out); }

}  // namespace symphony::nn
