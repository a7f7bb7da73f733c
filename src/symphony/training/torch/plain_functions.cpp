#include "symphony/training/torch/plain_functions.h"

#include "symphony/nn/attention.h"
#include "symphony/nn/rows.h"

#include <ATen/ATen.h>

#include <cmath>
#include <limits>
#include <vector>

namespace symphony::training::torch_net::ops::plain {

at::Tensor linear(const at::Tensor& x_NI, const at::Tensor& weight_OI, const at::Tensor& bias_O) {
    return bias_O.defined() ? at::addmm(bias_O, x_NI, weight_OI.t()) : at::mm(x_NI, weight_OI.t());
}

at::Tensor lora_linear(const at::Tensor& x_NI, const at::Tensor& weight_OI,
                       const LoraFactors& factors) {
    const auto y = at::mm(x_NI, weight_OI.t()).chunk(factors.parts, 1);
    std::vector<at::Tensor> blocks(y.begin(), y.end());
    const auto count = static_cast<std::int64_t>(factors.blocks.size());
    const auto a = factors.a.chunk(count), b = factors.b.chunk(count);
    for (std::size_t i = 0; i < factors.blocks.size(); ++i) {
        at::Tensor& block = blocks[static_cast<std::size_t>(factors.blocks[i])];
        block = block + factors.scale * at::mm(at::mm(x_NI, a[i].t()), b[i].t());
    }
    return at::cat(blocks, 1);
}

at::Tensor rms_norm(const at::Tensor& x_NC, const at::Tensor& weight_C, double epsilon) {
    const at::Tensor mean_square = x_NC.square().mean(-1, /*keepdim=*/true);
    return x_NC * (mean_square + epsilon).rsqrt() * weight_C;
}

at::Tensor swiglu(const at::Tensor& gate_up) {
    const auto halves = gate_up.chunk(2, -1);
    return at::silu(halves[0]) * halves[1];
}

at::Tensor dropout_add(const at::Tensor& x, const at::Tensor& base, double probability,
                       std::uint32_t key) {
    // The same mask as the kernel's, drawn there on ones.
    const at::Tensor ones = at::ones(x.sizes(), at::kFloat);
    const at::Tensor mask = at::empty_like(ones);
    nn::dropout_add_all(ones.data_ptr<float>(), nullptr, ones.numel(),
                        static_cast<float>(probability), key, mask.data_ptr<float>());
    const at::Tensor kept = x * mask.to(x.device());
    return base.defined() ? base + kept : kept;
}

at::Tensor attention(const at::Tensor& qkv, const AttentionPlan& plan) {
    const std::int64_t half = plan.head_size / 2, width = plan.heads * plan.head_size;
    const nn::RopeTable table(plan.time, plan.head_size, plan.rope_theta);
    const auto angles = [&](const std::vector<float>& values) {
        return at::tensor(at::ArrayRef<float>(values)).view({plan.time, half}).to(qkv.device());
    };
    const at::Tensor cosines = angles(table.cosines), sines = angles(table.sines);
    const auto turn = [&](const at::Tensor& x) {
        const auto halves = x.chunk(2, -1);
        return at::cat(
            {halves[0] * cosines - halves[1] * sines, halves[1] * cosines + halves[0] * sines}, -1);
    };
    // (B,T,3,heads,size) -> three of (B,heads,T,size)
    const auto split = qkv.view({plan.batch_size, plan.time, 3, plan.heads, plan.head_size})
                           .permute({2, 0, 3, 1, 4});
    const at::Tensor query = turn(split[0]), key = turn(split[1]), value = split[2];

    const at::Tensor positions = at::arange(plan.time, qkv.options().dtype(at::kInt));
    const at::Tensor starts = plan.segment_start_BT.to(qkv.device()).unsqueeze(-1);  // (B,T,1)
    const at::Tensor hidden = (positions.view({1, 1, -1}) < starts) |
                              (positions.view({1, 1, -1}) > positions.view({1, -1, 1}));  // (B,T,T)
    const at::Tensor scores =
        at::matmul(query, key.transpose(-1, -2)) / std::sqrt(static_cast<double>(plan.head_size));
    const at::Tensor weights =
        scores.masked_fill(hidden.unsqueeze(1), -std::numeric_limits<double>::infinity())
            .softmax(-1);
    return at::matmul(weights, value).transpose(1, 2).reshape({-1, width});
}

at::Tensor lstm_layer(const at::Tensor& gates, const at::Tensor& w_hh, const LstmPlan& plan,
                      at::Tensor& state_h, at::Tensor& state_c) {
    at::Tensor h = state_h, c = state_c;
    std::vector<at::Tensor> outputs;
    const at::Tensor inputs = gates.view({plan.time, plan.batch_size, -1});
    const at::Tensor keep = (plan.reset_TB == 0).to(gates.options()).unsqueeze(-1);
    for (std::int64_t t = 0; t < plan.time; ++t) {
        const auto parts = (inputs[t] + at::mm(h * keep[t], w_hh.t())).chunk(4, -1);
        c = at::sigmoid(parts[1]) * (c * keep[t]) + at::sigmoid(parts[0]) * at::tanh(parts[2]);
        h = at::sigmoid(parts[3]) * at::tanh(c);
        outputs.push_back(h);
    }
    state_h = h.detach();
    state_c = c.detach();
    return at::cat(outputs);
}

at::Tensor cross_entropy(const at::Tensor& logits_NV, const at::Tensor& targets_N, double scale) {
    return scale * at::cross_entropy_loss(logits_NV, targets_N.to(at::kLong), {},
                                          at::Reduction::Sum,
                                          /*ignore_index=*/-1);
}

}  // namespace symphony::training::torch_net::ops::plain
