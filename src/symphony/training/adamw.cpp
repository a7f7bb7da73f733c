#include "symphony/training/adamw.h"

#include <cmath>

namespace symphony::training {

void adamw_step(std::span<float> weights, std::span<const float> gradient,
                std::span<const std::uint8_t> decays, AdamWState& state,
                const AdamWOptions& options, double learning_rate, std::int64_t step) {
    const double t = static_cast<double>(step + 1);
    const auto beta1 = static_cast<float>(options.beta1);
    const auto beta2 = static_cast<float>(options.beta2);
    // Both means start at zero; dividing by what they still lack takes that bias away.
    const auto mean_scale = static_cast<float>(1 / (1 - std::pow(options.beta1, t)));
    const auto square_scale = static_cast<float>(1 / (1 - std::pow(options.beta2, t)));
    const auto rate = static_cast<float>(learning_rate);
    const auto epsilon = static_cast<float>(options.epsilon);
    const auto decay = static_cast<float>(learning_rate * options.weight_decay);
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const float g = gradient[i];
        float& m = state.mean[i];
        float& v = state.square[i];
        m = beta1 * m + (1 - beta1) * g;
        v = beta2 * v + (1 - beta2) * g * g;
        const float step_size = rate * (m * mean_scale) / (std::sqrt(v * square_scale) + epsilon);
        weights[i] -= step_size + static_cast<float>(decays[i]) * decay * weights[i];
    }
}

double clip_by_norm(std::span<float> gradient, double longest) {
    double square = 0;
    for (float g : gradient) square += static_cast<double>(g) * static_cast<double>(g);
    const double norm = std::sqrt(square);
    if (longest > 0 && norm > longest) {
        const auto scale = static_cast<float>(longest / norm);
        for (float& g : gradient) g *= scale;
    }
    return norm;
}

}  // namespace symphony::training
