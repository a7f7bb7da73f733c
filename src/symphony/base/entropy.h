// Shannon entropy of counts. Source: Shannon, "A mathematical theory of communication", 1948.
#pragma once

#include <cmath>

namespace symphony::base {

// In bits, of counts that sum up to `total`; `count_of` takes an element of `counts` to its number.
// 0 of nothing.
template <class Counts, class CountOf>
double entropy_bits(const Counts& counts, double total, const CountOf& count_of) {
    double entropy = 0;
    for (const auto& element : counts) {
        const auto count = static_cast<double>(count_of(element));
        const double share = count / total;
        if (count > 0) entropy -= share * std::log2(share);
    }
    return entropy;
}

// Of a list of numbers.
template <class Counts>
double entropy_bits(const Counts& counts) {
    double total = 0;
    for (const auto count : counts) total += static_cast<double>(count);
    return entropy_bits(counts, total, [](const auto count) { return count; });
}

}  // namespace symphony::base
