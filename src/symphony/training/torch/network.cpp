#include "symphony/training/torch/network.h"

#include "symphony/training/token_score.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace symphony::training::torch_net {

at::Tensor AnyNetwork::add(const std::string& name, at::IntArrayRef sizes, double deviation,
                           std::int64_t seed, double constant, bool decays) {
    at::Tensor value = at::full(sizes, constant, at::kFloat);
    if (deviation > 0) {
        base::Rng rng(static_cast<std::uint64_t>(seed), "weights " + name);
        float* numbers = value.data_ptr<float>();
        for (std::int64_t i = 0; i < value.numel(); ++i) {
            numbers[i] = static_cast<float>(deviation * rng.normal());
        }
    }
    value.set_requires_grad(true);
    parameters_.push_back({name, value, decays});
    return value;
}

at::Tensor AnyNetwork::add_frozen(at::IntArrayRef sizes) {
    const at::Tensor value = at::zeros(sizes, at::kFloat);
    frozen_count_ += value.numel();
    return value;
}

SplitResult Network::evaluate(const std::vector<std::vector<int>>& sequences) {
    TokenScore score;
    predict(sequences, [&](std::size_t s, std::size_t t, std::span<const float> row) {
        score.add(row, sequences[s][t]);
    });
    return score.result();
}

ops::Products products_of(const TrainOptions& options) {
    return options.precision == "bf16" ? ops::Products::kBf16 : ops::Products::kFloat32;
}

models::Tensor to_weight(const at::Tensor& tensor) {
    const at::Tensor plain = tensor.detach().to(at::kCPU).contiguous();
    const float* begin = plain.data_ptr<float>();
    return {plain.sizes().vec(), std::vector<float>(begin, begin + plain.numel())};
}

void copy_from(const std::vector<float>& values, const at::Tensor& tensor) {
    std::copy(values.begin(), values.end(), tensor.data_ptr<float>());
}

}  // namespace symphony::training::torch_net
