// Random rows and numerical derivatives for the kernels' tests.
#pragma once

#include "symphony/base/rng.h"

#include <cstddef>
#include <functional>
#include <vector>

namespace symphony::nn {

inline std::vector<float> normal_numbers(std::size_t n, std::uint64_t seed, double scale = 1.0) {
    base::Rng rng(seed, "nn-test");
    std::vector<float> values(n);
    for (float& value : values) value = static_cast<float>(scale * rng.normal());
    return values;
}

// d f / d x[i] by central differences in x, at the given step.
inline double slope(std::vector<float>& x, std::size_t i, const std::function<double()>& f,
                    float step = 1e-2f) {
    const float before = x[i];
    x[i] = before + step;
    const double above = f();
    x[i] = before - step;
    const double below = f();
    x[i] = before;
    return (above - below) / (2.0 * static_cast<double>(step));
}

inline double weighted_sum(const std::vector<float>& values, const std::vector<float>& weights) {
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        sum += static_cast<double>(values[i]) * static_cast<double>(weights[i]);
    }
    return sum;
}

}  // namespace symphony::nn
