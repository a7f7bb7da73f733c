// AdamW (Loshchilov & Hutter, "Decoupled weight decay regularization", 2019, algorithm 2) and
// clipping by the global norm (Pascanu et al. 2013), on flat arrays.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace symphony::training {

struct AdamWOptions {
    double beta1 = 0.9, beta2 = 0.95;
    double epsilon = 1e-8;
    double weight_decay = 0.01;
};

// The running means of gradient and squared gradient, one number per weight.
struct AdamWState {
    std::vector<float> mean, square;

    explicit AdamWState(std::size_t size) : mean(size, 0.0f), square(size, 0.0f) {}
};

// One step of all weights; `step` counts from 0. Weights whose `decays` is 0 are not decayed.
// Precondition: all spans have one size.
void adamw_step(std::span<float> weights, std::span<const float> gradient,
                std::span<const std::uint8_t> decays, AdamWState& state,
                const AdamWOptions& options, double learning_rate, std::int64_t step);

// The Euclidean norm; the gradient is scaled down to `longest` if it is longer (0: never).
double clip_by_norm(std::span<float> gradient, double longest);

}  // namespace symphony::training
