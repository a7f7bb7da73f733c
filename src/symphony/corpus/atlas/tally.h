// Values and how often each was seen: what a piece hands to the statistics of its corpus. Own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace symphony::corpus {

using Tally = std::map<double, std::int64_t>;
using NameTally = std::map<std::string, std::int64_t>;

template <class Map>
void add_tally(Map& sum, const Map& tally) {
    for (const auto& [value, count] : tally) sum[value] += count;
}

template <class Map>
std::int64_t total_of(const Map& tally) {
    std::int64_t total = 0;
    for (const auto& [value, count] : tally) total += count;
    return total;
}

// The smallest value that at least `share` of all counts do not exceed; 0 of nothing.
double percentile_of(const Tally& tally, double share);

// Shannon entropy of the counts in bits.
double entropy_bits(const Tally& tally);

// Counts small whole numbers without a search; a Tally when it is done.
class WholeCounts {
  public:
    // Values in [low, low + dense) are counted in an array, others in a map.
    WholeCounts(std::int64_t low, std::size_t dense) : low_(low), dense_(dense) {}

    void add(std::int64_t value, std::int64_t count = 1) {
        const auto at = static_cast<std::uint64_t>(value - low_);
        if (at < dense_.size())
            dense_[at] += count;
        else
            rest_[value] += count;
    }
    std::int64_t operator[](std::int64_t value) const;
    // Each value divided by `divisor`.
    Tally tally(double divisor = 1) const;

  private:
    std::int64_t low_;
    std::vector<std::int64_t> dense_;
    std::map<std::int64_t, std::int64_t> rest_;
};

}  // namespace symphony::corpus
