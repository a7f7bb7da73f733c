// The operations of functions.h on ATen alone: any device, and the reference for tests.
#pragma once

#include "symphony/training/torch/functions.h"
#include "symphony/training/torch/lora_functions.h"

namespace symphony::training::torch_net::ops::plain {

at::Tensor linear(const at::Tensor& x_NI, const at::Tensor& weight_OI, const at::Tensor& bias_O);
at::Tensor lora_linear(const at::Tensor& x_NI, const at::Tensor& weight_OI,
                       const LoraFactors& factors);
at::Tensor rms_norm(const at::Tensor& x_NC, const at::Tensor& weight_C, double epsilon);
at::Tensor swiglu(const at::Tensor& gate_up);
at::Tensor dropout_add(const at::Tensor& x, const at::Tensor& base, double probability,
                       std::uint32_t key);
at::Tensor attention(const at::Tensor& qkv, const AttentionPlan& plan);
at::Tensor lstm_layer(const at::Tensor& gates, const at::Tensor& w_hh, const LstmPlan& plan,
                      at::Tensor& state_h, at::Tensor& state_c);
at::Tensor cross_entropy(const at::Tensor& logits_NV, const at::Tensor& targets_N, double scale);

}  // namespace symphony::training::torch_net::ops::plain
