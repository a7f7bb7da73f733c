// The networks' building blocks as autograd operations. On the CPU they run on nn/'s kernels
// (functions.cpp); anywhere else, and under PlainOps, on ATen alone in float32
// (plain_functions.cpp): the slow reference that the fast ones are tested against.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace symphony::training::torch_net::ops {

// While one lives, every operation takes the plain ATen path.
class PlainOps {
  public:
    PlainOps();
    ~PlainOps();
    PlainOps(const PlainOps&) = delete;
    PlainOps& operator=(const PlainOps&) = delete;
};

// In what the matrix products of the fast path are multiplied. With bf16, what lies between two
// products (normed rows, queries, keys and values, the gated activation) is kept in bf16 too; sums,
// weights and the residual stream stay float32.
enum class Products { kFloat32, kBf16 };

// Rows of weight (V,C) picked by ids (N) int64.
at::Tensor embedding(const at::Tensor& ids_N, const at::Tensor& weight_VC);

// x (N,I) x weight (O,I) transposed + bias (O), which may be undefined: float32.
at::Tensor linear(const at::Tensor& x_NI, const at::Tensor& weight_OI, Products products,
                  const at::Tensor& bias_O = {});
// The same without bias, for an operation that takes what `products` says.
at::Tensor inner_linear(const at::Tensor& x_NI, const at::Tensor& weight_OI, Products products);

// For a product: of the type that `products` says.
at::Tensor rms_norm(const at::Tensor& x_NC, const at::Tensor& weight_C, double epsilon,
                    Products products);

// gate_up (N,2I), gate first. Of gate_up's type.
at::Tensor swiglu(const at::Tensor& gate_up);

// base + dropout(x); base may be undefined. Which elements are dropped depends on `key` and the
// element's index only (nn::dropout_add).
at::Tensor dropout_add(const at::Tensor& x, const at::Tensor& base, double probability,
                       std::uint32_t key);

struct AttentionPlan {
    std::int64_t batch_size, time, heads, head_size;
    double rope_theta;
    at::Tensor segment_start_BT;  // int32: where each row's sequence begins in its window
};
// Queries and keys turned by RoPE, then causal attention that does not look behind a sequence's
// start. qkv (B*T,3C) -> (B*T,C) of the same type. The fast path turns qkv in place: nobody else
// may need it.
at::Tensor attention(const at::Tensor& qkv, const AttentionPlan& plan);

struct LstmPlan {
    std::int64_t time, batch_size;
    Products products;    // of the recurrent weights
    at::Tensor reset_TB;  // uint8: lanes whose state is zeroed before the step
};
// One layer over a window, time-major. gates (T*B,4H): input part, bias included; overwritten by
// the fast path. state_h, state_c (B,H): carried in and, overwritten, out; no gradient flows there.
// Returns (T*B,H).
at::Tensor lstm_layer(const at::Tensor& gates, const at::Tensor& w_hh, const LstmPlan& plan,
                      at::Tensor& state_h, at::Tensor& state_c);

// scale x sum over targets >= 0 of -log softmax(logits)[target], as a scalar. targets (N) int32.
at::Tensor cross_entropy(const at::Tensor& logits_NV, const at::Tensor& targets_N, double scale);

}  // namespace symphony::training::torch_net::ops
