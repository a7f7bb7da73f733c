// Quantiles of a sample (Hyndman and Fan, "Sample quantiles in statistical packages", The American
// Statistician 1996, definition 7: linear between neighbours).
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

namespace symphony::base {

// The value below which a share `q` of the sample lies. Preconditions: `sorted` rises and is not
// empty, 0 <= q <= 1.
inline double quantile(std::span<const double> sorted, double q) {
    const double at = q * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace symphony::base
