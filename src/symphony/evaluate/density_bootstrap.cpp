#include "symphony/evaluate/density_bootstrap.h"

#include "symphony/base/rng.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace symphony::evaluate {
namespace {

constexpr std::size_t kBins = 500;
constexpr int kResamples = 200;
constexpr double kLeast = 1e-300;  // a density that is nothing
constexpr double kWidths = 37;     // of a kernel to each side: there it is that small
constexpr double kRoom = 5;        // widths of a kernel beyond the outermost distances

// The bins of all distances, with room for the kernels.
struct Grid {
    double begin = 0, step = 1;
    std::size_t bin(double value) const {
        return std::min(kBins - 1, static_cast<std::size_t>((value - begin) / step));
    }
};

// Scott's rule on weighted bins; 0 without spread.
double width_of(const std::vector<double>& histogram, const Grid& grid, double values) {
    double sum = 0, first = 0, second = 0;
    for (std::size_t b = 0; b < kBins; ++b) {
        const auto at = static_cast<double>(b);
        sum += histogram[b];
        first += histogram[b] * at;
        second += histogram[b] * at * at;
    }
    if (sum <= 0 || values < 2) return 0;
    const double middle = first / sum;
    const double variance = std::max(0.0, second / sum - middle * middle);
    return grid.step * std::sqrt(variance) * std::pow(values, -0.2);
}

std::vector<double> density_of(const std::vector<double>& histogram, double width,
                               const Grid& grid) {
    const auto reach =
        std::min(kBins, static_cast<std::size_t>(std::ceil(kWidths * width / grid.step)));
    std::vector<double> kernel(2 * reach + 1);
    double sum = 0;
    for (std::size_t i = 0; i < kernel.size(); ++i) {
        const double off =
            (static_cast<double>(i) - static_cast<double>(reach)) * grid.step / width;
        sum += kernel[i] = std::exp(-0.5 * off * off);
    }
    double total = 0;
    for (const double h : histogram) total += h;
    std::vector<double> smooth(kBins + 2 * reach);
    for (std::size_t b = 0; b < kBins; ++b) {
        if (histogram[b] == 0) continue;
        const double share = histogram[b] / (total * sum);
        for (std::size_t i = 0; i < kernel.size(); ++i) smooth[b + i] += share * kernel[i];
    }
    return {smooth.begin() + static_cast<std::ptrdiff_t>(reach),
            smooth.begin() + static_cast<std::ptrdiff_t>(reach + kBins)};
}

struct Figures {
    double overlap = 0, kl = 0;
};

std::optional<Figures> compare(const std::vector<double>& inside, double inside_values,
                               const std::vector<double>& across, double across_values,
                               const Grid& grid) {
    const double width_inside = width_of(inside, grid, inside_values);
    const double width_across = width_of(across, grid, across_values);
    if (width_inside == 0 || width_across == 0) return std::nullopt;
    const auto p = density_of(inside, width_inside, grid);
    const auto q = density_of(across, width_across, grid);
    Figures figures;
    for (std::size_t b = 0; b < kBins; ++b) {
        figures.overlap += std::min(p[b], q[b]);
        if (p[b] > kLeast) figures.kl += p[b] * std::log(p[b] / std::max(q[b], kLeast));
    }
    return figures;
}

double spread(const std::vector<double>& values) {
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    return *high - *low;
}

Grid grid_of(const PairDistances& inside, const PairDistances& across) {
    const auto [low_a, high_a] = std::minmax_element(inside.values.begin(), inside.values.end());
    const auto [low_b, high_b] = std::minmax_element(across.values.begin(), across.values.end());
    // No kernel is wider than half of its sample's spread, times n^-1/5.
    const auto room = [](const std::vector<double>& values) {
        return kRoom * 0.5 * spread(values) * std::pow(static_cast<double>(values.size()), -0.2);
    };
    const double margin = std::max(room(inside.values), room(across.values));
    const double begin = std::min(*low_a, *low_b) - margin;
    const double end = std::max(*high_a, *high_b) + margin;
    return {begin, end > begin ? (end - begin) / static_cast<double>(kBins) : 1};
}

std::vector<std::uint32_t> bins_of(const PairDistances& pairs, const Grid& grid) {
    std::vector<std::uint32_t> bins;
    for (const double value : pairs.values)
        bins.push_back(static_cast<std::uint32_t>(grid.bin(value)));
    return bins;
}

// How often each piece was drawn.
std::vector<double> drawn(std::size_t pieces, base::Rng& rng) {
    std::vector<double> counts(pieces);
    for (std::size_t i = 0; i < pieces; ++i) ++counts[rng.below(pieces)];
    return counts;
}

std::vector<double> histogram_of(const PairDistances& pairs, const std::vector<std::uint32_t>& bins,
                                 const std::vector<double>& of_first,
                                 const std::vector<double>& of_second) {
    std::vector<double> histogram(kBins);
    for (std::size_t i = 0; i < bins.size(); ++i)
        histogram[bins[i]] += of_first[pairs.first[i]] * of_second[pairs.second[i]];
    return histogram;
}

}  // namespace

DensityIntervals bootstrap_densities(const PairDistances& inside, const PairDistances& across,
                                     std::size_t real_pieces, std::size_t other_pieces,
                                     std::size_t most_values) {
    const Grid grid = grid_of(inside, across);
    const auto inside_bins = bins_of(inside, grid), across_bins = bins_of(across, grid);
    const auto counted = [&](const PairDistances& pairs) {
        return static_cast<double>(std::min(most_values, pairs.values.size()));
    };
    const auto figures = [&](const std::vector<double>& real, const std::vector<double>& other) {
        return compare(histogram_of(inside, inside_bins, real, real), counted(inside),
                       histogram_of(across, across_bins, other, real), counted(across), grid);
    };
    const auto whole =
        figures(std::vector<double>(real_pieces, 1), std::vector<double>(other_pieces, 1));
    if (!whole) return {};
    base::Rng rng(BootstrapOptions{}.seed, "densities");
    std::vector<double> overlaps, divergences;
    for (int i = 0; i < kResamples; ++i) {
        const auto real = drawn(real_pieces, rng);
        const auto one = figures(real, drawn(other_pieces, rng));
        if (!one) continue;
        overlaps.push_back(one->overlap);
        divergences.push_back(one->kl);
    }
    DensityIntervals found{centred_interval(whole->overlap, std::move(overlaps)),
                           centred_interval(whole->kl, std::move(divergences))};
    found.overlap.low = std::max(0.0, found.overlap.low);
    found.overlap.high = std::min(1.0, found.overlap.high);
    found.kl.low = std::max(0.0, found.kl.low);
    return found;
}

}  // namespace symphony::evaluate
