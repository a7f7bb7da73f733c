// Middles and spreads that a few strange pieces do not move, and how sure they are. Own code after
// the sources named.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace symphony::corpus {

struct RobustScale {
    double median = 0;
    // 1.4826 times the median absolute deviation, which is the standard deviation of normal values;
    // where more than half are equal, 1.2533 times the mean absolute deviation. Iglewicz and
    // Hoaglin, "How to Detect and Handle Outliers", 1993.
    double spread = 0;
};
// Precondition: `sorted` rises and is not empty.
RobustScale robust_scale(std::span<const double> sorted);

// Bootstrap of a median without resampling: of n values drawn from n, the one in the middle is the
// value at rank n * B, where B is the median of n uniform draws, a beta variable. So a thousand
// medians cost a thousand draws, however many values there are. (Efron, "Bootstrap methods: another
// look at the jackknife", 1979, section 3, where the same law is worked out.) For even n the upper
// of the two middle ones is used.
class MedianBootstrap {
  public:
    static constexpr int kResamples = 2000;
    // Precondition: values > 0.
    MedianBootstrap(std::size_t values, std::uint64_t seed, std::string_view purpose,
                    std::uint64_t index);
    // The resampled medians of `sorted`, which has as many values.
    std::vector<double> medians(std::span<const double> sorted) const;

  private:
    std::vector<std::size_t> ranks_;
};

struct Range {
    double low = 0, high = 0;
};
// The middle 95 % of the values.
Range middle95(std::vector<double> values);

// Square root of the Jensen-Shannon divergence in bits, 0 to 1 (Lin, "Divergence measures based on
// the Shannon entropy", 1991; Endres and Schindelin, "A new metric for probability distributions",
// 2003). NaN if either is empty. Precondition: equal lengths.
double jensen_shannon_distance(std::span<const std::int64_t> a, std::span<const std::int64_t> b);

}  // namespace symphony::corpus
