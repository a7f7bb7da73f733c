#include "symphony/evaluate/set_distances.h"

#include "symphony/evaluate/piece_features.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace symphony::evaluate {
namespace {

using Vectors = std::vector<std::vector<double>>;

double distance(const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
    return std::sqrt(sum);
}

void add(PairDistances& pairs, const Vectors& a, std::size_t i, const Vectors& b, std::size_t j) {
    pairs.values.push_back(distance(a[i], b[j]));
    pairs.first.push_back(static_cast<std::uint32_t>(i));
    pairs.second.push_back(static_cast<std::uint32_t>(j));
}

PairDistances distances_inside(const Vectors& set) {
    PairDistances all;
    for (std::size_t i = 0; i < set.size(); ++i)
        for (std::size_t j = i + 1; j < set.size(); ++j) add(all, set, i, set, j);
    return all;
}

PairDistances distances_across(const Vectors& a, const Vectors& b) {
    PairDistances all;
    for (std::size_t i = 0; i < a.size(); ++i)
        for (std::size_t j = 0; j < b.size(); ++j) add(all, a, i, b, j);
    return all;
}

double mean(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

// Width of the kernels; 0 for a sample without spread.
double scott_width(const std::vector<double>& sample) {
    if (sample.size() < 2) return 0;
    const double middle = mean(sample), n = static_cast<double>(sample.size());
    double sum = 0;
    for (const double v : sample) sum += (v - middle) * (v - middle);
    return std::sqrt(sum / (n - 1)) * std::pow(n, -0.2);
}

double density(const std::vector<double>& sample, double width, double at) {
    constexpr double kRootTwoPi = 2.5066282746310002;
    double sum = 0;
    for (const double v : sample) sum += std::exp(-0.5 * (at - v) * (at - v) / (width * width));
    return sum / (static_cast<double>(sample.size()) * width * kRootTwoPi);
}

constexpr std::size_t kMost = 4000;

// Every so-manieth of the sorted sample, so that a density costs the same for large sets.
std::vector<double> thinned(std::vector<double> sample) {
    std::sort(sample.begin(), sample.end());
    if (sample.size() <= kMost) return sample;
    std::vector<double> kept;
    for (std::size_t i = 0; i < kMost; ++i)
        kept.push_back(sample[(2 * i + 1) * sample.size() / (2 * kMost)]);
    return kept;
}

}  // namespace

DensityComparison compare_densities(const std::vector<double>& a, const std::vector<double>& b) {
    const double width_a = scott_width(a), width_b = scott_width(b);
    if (width_a == 0 || width_b == 0) {
        const bool same = width_a == width_b && a.front() == b.front();
        return {same ? 1.0 : 0.0, same ? 0 : std::numeric_limits<double>::infinity()};
    }
    // Sums over a grid that holds all of both densities.
    constexpr int kPoints = 1000;
    constexpr double kWidths = 4, kLeast = 1e-300;
    const auto [low_a, high_a] = std::minmax_element(a.begin(), a.end());
    const auto [low_b, high_b] = std::minmax_element(b.begin(), b.end());
    const double begin = std::min(*low_a - kWidths * width_a, *low_b - kWidths * width_b);
    const double end = std::max(*high_a + kWidths * width_a, *high_b + kWidths * width_b);
    const double step = (end - begin) / kPoints;
    DensityComparison result;
    for (int i = 0; i < kPoints; ++i) {
        const double at = begin + (i + 0.5) * step;
        const double p = density(a, width_a, at), q = density(b, width_b, at);
        result.overlap += std::min(p, q) * step;
        if (p > kLeast) result.kl += p * std::log(p / std::max(q, kLeast)) * step;
    }
    return result;
}

std::vector<FeatureDistances> set_distances(std::span<const score::Score> generated,
                                            std::span<const score::Score> real) {
    std::vector<FeatureDistances> rows;
    if (generated.size() < 2 || real.size() < 2) return rows;
    for (const PieceFeature& feature : piece_features()) {
        Vectors of_generated, of_real;
        for (const score::Score& score : generated) of_generated.push_back(feature.value(score));
        for (const score::Score& score : real) of_real.push_back(feature.value(score));
        const auto inside = distances_inside(of_real);
        const auto across = distances_across(of_generated, of_real);
        rows.push_back({feature.name, feature.title, mean(inside.values),
                        mean(distances_inside(of_generated).values), mean(across.values),
                        compare_densities(thinned(inside.values), thinned(across.values)),
                        bootstrap_densities(inside, across, real.size(), generated.size(), kMost)});
    }
    return rows;
}

namespace {

base::Json interval_json(const Interval& interval) {
    return base::Json{interval.mean, interval.low, interval.high};
}
Interval interval_from_json(const base::Json& json) {
    return {json.at(0).get<double>(), json.at(1).get<double>(), json.at(2).get<double>()};
}

}  // namespace

base::Json to_json(const FeatureDistances& row) {
    return {
        {"feature", row.feature},
        {"title", row.title},
        {"inside_real", row.inside_real},
        {"inside_generated", row.inside_generated},
        {"across", row.across},
        {"overlap", row.density.overlap},
        // JSON knows no infinity.
        {"kl", std::isfinite(row.density.kl) ? base::Json(row.density.kl) : base::Json(nullptr)},
        {"overlap_interval", interval_json(row.intervals.overlap)},
        {"kl_interval", interval_json(row.intervals.kl)}};
}

FeatureDistances feature_distances_from_json(const base::Json& json) {
    FeatureDistances row{.feature = json.at("feature").get<std::string>(),
                         .title = json.at("title").get<std::string>(),
                         .inside_real = json.at("inside_real").get<double>(),
                         .inside_generated = json.at("inside_generated").get<double>(),
                         .across = json.at("across").get<double>(),
                         .density = {},
                         .intervals = {}};
    row.density.overlap = json.at("overlap").get<double>();
    row.density.kl = json.at("kl").is_null() ? std::numeric_limits<double>::infinity()
                                             : json.at("kl").get<double>();
    // Reports of earlier versions have none.
    if (json.contains("overlap_interval"))
        row.intervals = {interval_from_json(json["overlap_interval"]),
                         interval_from_json(json.at("kl_interval"))};
    return row;
}

}  // namespace symphony::evaluate
