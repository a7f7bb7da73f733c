// How sure a score is: percentile bootstrap over works. Pieces of one work are not independent, so
// whole groups are drawn. Source: Efron and Tibshirani, "An Introduction to the Bootstrap", 1993,
// chapter 13; paired as in Koehn, "Statistical significance tests for machine translation
// evaluation", EMNLP 2004.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace symphony::evaluate {

struct Interval {
    double mean = 0;  // of the sample itself
    double low = 0;   // lower bound of the interval
    double high = 0;  // upper bound
    bool excludes_zero() const { return low > 0 || high < 0; }
    bool operator==(const Interval&) const = default;
};

// What one piece adds to a ratio of sums, such as bits to bits per note.
struct RatioTerm {
    std::string group;
    double numerator = 0;
    double denominator = 0;
};

struct BootstrapOptions {
    int resamples = 10000;
    double level = 0.95;  // share of resamples inside the interval
    std::uint64_t seed = 1;
};

// Interval of sum(numerator) / sum(denominator). With one group the interval is that point.
// Precondition: a positive sum of denominators in every group.
Interval bootstrap_ratio(std::span<const RatioTerm> terms, const BootstrapOptions& options = {});

// Interval of ratio(first) - ratio(second), both resampled together. Precondition: first[i] and
// second[i] are the same piece.
Interval bootstrap_difference(std::span<const RatioTerm> first, std::span<const RatioTerm> second,
                              const BootstrapOptions& options = {});

// Of a figure that resampled sets alone put too high or too low, because they repeat pieces: the
// percentile interval of its resamples, moved so that their median is the figure. With no resamples
// it is that point.
Interval centred_interval(double value, std::vector<double> resamples,
                          const BootstrapOptions& options = {});

// Number of different groups.
std::size_t count_groups(std::span<const RatioTerm> terms);

}  // namespace symphony::evaluate
