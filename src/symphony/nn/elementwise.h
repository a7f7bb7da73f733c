// Kernels that run along one row: norms, activations, softmax, the LSTM cell, dropout, AdamW, and
// their derivatives. SIMD by Highway, the instruction set picked at run time; one thread each, the
// callers split rows among threads. Rows are contiguous float32.
#pragma once

#include <cstddef>
#include <cstdint>

namespace symphony::nn {

float dot(const float* a, const float* b, std::size_t n);
// y += scale x
void add_scaled(float scale, const float* x, float* y, std::size_t n);
double sum_of_squares(const float* x, std::size_t n);
// bfloat16 bits of x, rounded to the nearest, ties to even; NaN stays NaN.
void round_to_bf16(const float* x, std::size_t n, std::uint16_t* out);
void widen_bf16(const std::uint16_t* x, std::size_t n, float* out);

// RMSNorm (Zhang & Sennrich, arXiv:1910.07467): out = x / rms(x) * weight, rms over n with
// `epsilon` under the root. Returns 1 / rms(x), which the backward pass wants.
float rms_norm(const float* x, const float* weight, std::size_t n, float epsilon, float* out);
// dx = d loss / d x; adds d loss / d weight to `dweight`.
void rms_norm_backward(const float* x, const float* weight, const float* dout, float inverse_rms,
                       std::size_t n, float* dx, float* dweight);

// SwiGLU (Shazeer, arXiv:2002.05202): out = silu(gate) * up.
void swiglu(const float* gate, const float* up, std::size_t n, float* out);
void swiglu_backward(const float* gate, const float* up, const float* dout, std::size_t n,
                     float* dgate, float* dup);

// x = exp(scale x) / sum of exp(scale x), in place; returns log of the sum (natural).
float softmax(float* x, std::size_t n, float scale = 1.0f);
// x = exp(scale x - log_sum), in place: softmax again, with the sum already known.
void exp_minus(float* x, std::size_t n, float scale, float log_sum);
// ds = p * (dp - row_dot) * scale, in dp's place: backward of a softmax row, row_dot = p . dp.
void softmax_backward(const float* p, float* dp, std::size_t n, float row_dot, float scale);

// RoPE (Su et al., arXiv:2104.09864) as Llama pairs it: dimension i with i + n/2. One head of n
// dimensions in place, cos and sin of n/2 angles; sign -1 turns back.
void rope(float* x, const float* cosines, const float* sines, std::size_t n, float sign);

// LSTM cell (Hochreiter & Schmidhuber 1997, with forget gate; gates in PyTorch's order i, f, g, o).
// gates (4n): pre-activations in, activations out. c = f * c_before + i * g; tanh_c = tanh(c);
// h = o * tanh_c. c may be c_before, h may be tanh_c.
void lstm_cell(float* gates, const float* c_before, std::size_t n, float* c, float* tanh_c,
               float* h);
// dh: d loss / d h; dc: from the step after, overwritten by what flows to the step before.
// dgates (4n): d loss / d pre-activations.
void lstm_cell_backward(const float* gates, const float* c_before, const float* tanh_c,
                        const float* dh, std::size_t n, float* dc, float* dgates);

// out = base + x with each x dropped with `probability`, else scaled by 1 / (1 - probability).
// Element i of the row is dropped or not by a hash of (key, first + i): no state, no stored mask,
// the same at any thread count. base may be null (zero); out may be x or base.
void dropout_add(const float* x, const float* base, std::size_t n, float probability,
                 std::uint32_t key, std::uint32_t first, float* out);

// One AdamW step (Loshchilov & Hutter, arXiv:1711.05101) over n parameters. The gradient is scaled
// first; correction1 = 1 - beta1^t, correction2 = 1 - beta2^t.
struct AdamW {
    float learning_rate, beta1, beta2, epsilon, weight_decay, gradient_scale, correction1,
        correction2;
};
void adamw(const AdamW& settings, const float* gradient, std::size_t n, float* parameter, float* m,
           float* v);

}  // namespace symphony::nn
