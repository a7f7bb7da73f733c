#include "symphony/corpus/atlas/robust.h"

#include "symphony/base/quantile.h"
#include "symphony/base/rng.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

namespace symphony::corpus {
namespace {

constexpr double kMedianToNormal = 1.4826, kMeanToNormal = 1.2533;

// A gamma variable of shape `a` >= 1: Marsaglia and Tsang, "A simple method for generating gamma
// variables", 2000.
double gamma(double a, base::Rng& rng) {
    const double d = a - 1.0 / 3, c = 1 / std::sqrt(9 * d);
    for (;;) {
        const double x = rng.normal();
        const double v = std::pow(1 + c * x, 3);
        if (v > 0 && std::log(1 - rng.uniform()) < 0.5 * x * x + d - d * v + d * std::log(v))
            return d * v;
    }
}

}  // namespace

RobustScale robust_scale(std::span<const double> sorted) {
    RobustScale scale{.median = base::quantile(sorted, 0.5)};
    std::vector<double> away;
    away.reserve(sorted.size());
    for (const double v : sorted) away.push_back(std::abs(v - scale.median));
    std::sort(away.begin(), away.end());
    scale.spread = kMedianToNormal * base::quantile(away, 0.5);
    if (scale.spread <= 0)
        scale.spread = kMeanToNormal * std::accumulate(away.begin(), away.end(), 0.0) /
                       static_cast<double>(away.size());
    return scale;
}

MedianBootstrap::MedianBootstrap(std::size_t values, std::uint64_t seed, std::string_view purpose,
                                 std::uint64_t index) {
    base::Rng rng(seed, purpose, index);
    // The k-th smallest of n uniform draws is beta(k, n + 1 - k).
    const auto n = static_cast<double>(values);
    const double k = std::floor(n / 2) + 1;
    for (int i = 0; i < kResamples; ++i) {
        const double below = gamma(k, rng), above = gamma(n + 1 - k, rng);
        ranks_.push_back(
            std::min(values - 1, static_cast<std::size_t>(n * below / (below + above))));
    }
}

std::vector<double> MedianBootstrap::medians(std::span<const double> sorted) const {
    std::vector<double> values;
    values.reserve(ranks_.size());
    for (const std::size_t rank : ranks_) values.push_back(sorted[rank]);
    return values;
}

Range middle95(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return {base::quantile(values, 0.025), base::quantile(values, 0.975)};
}

double jensen_shannon_distance(std::span<const std::int64_t> a, std::span<const std::int64_t> b) {
    assert(a.size() == b.size());
    const auto sum_a = static_cast<double>(std::accumulate(a.begin(), a.end(), std::int64_t{0}));
    const auto sum_b = static_cast<double>(std::accumulate(b.begin(), b.end(), std::int64_t{0}));
    if (sum_a <= 0 || sum_b <= 0) return std::numeric_limits<double>::quiet_NaN();
    double divergence = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double p = static_cast<double>(a[i]) / sum_a, q = static_cast<double>(b[i]) / sum_b;
        const double m = (p + q) / 2;
        if (p > 0) divergence += p / 2 * std::log2(p / m);
        if (q > 0) divergence += q / 2 * std::log2(q / m);
    }
    return std::sqrt(std::clamp(divergence, 0.0, 1.0));
}

}  // namespace symphony::corpus
