// Row kernels over many rows, split among threads. Row-major. `Stored` is float or Bf16: what
// activations are kept in; all is computed in float32.
#pragma once

#include "symphony/nn/bf16.h"

#include <cstdint>

namespace symphony::nn {

// Each row of x (N,C) normed into out; inverse_rms (N) may be null. See elementwise.h.
template <class Stored>
void rms_norm_rows(const float* x_NC, const float* weight_C, std::int64_t rows, std::int64_t width,
                   float epsilon, Stored* out_NC, float* inverse_rms_N);
// dweight (C): overwritten. The order of the sum over rows depends on the thread count only.
template <class Stored>
void rms_norm_rows_backward(const float* x_NC, const float* weight_C, const Stored* dout_NC,
                            const float* inverse_rms_N, std::int64_t rows, std::int64_t width,
                            float* dx_NC, float* dweight_C);

// gate_up rows hold the gate, then what it gates: (N,2I) -> (N,I).
template <class Stored>
void swiglu_rows(const Stored* gate_up, std::int64_t rows, std::int64_t width, Stored* out_NI);
template <class Stored>
void swiglu_rows_backward(const Stored* gate_up, const Stored* dout_NI, std::int64_t rows,
                          std::int64_t width, Stored* dgate_up);

// out = base + dropout(x) over n elements; see dropout_add.
void dropout_add_all(const float* x, const float* base, std::int64_t n, float probability,
                     std::uint32_t key, float* out);

// y += bias on every row.
void add_bias_rows(const float* bias_C, std::int64_t rows, std::int64_t width, float* y_NC);

// Sum over the rows whose target is >= 0 of -log softmax(logits)[target]. dlogits (N,V), may be
// null: softmax(logits) minus one at the target, times `scale`; zero rows where there is no target.
double cross_entropy_rows(const float* logits_NV, const int* targets_N, std::int64_t rows,
                          std::int64_t width, float scale, float* dlogits_NV);

}  // namespace symphony::nn
