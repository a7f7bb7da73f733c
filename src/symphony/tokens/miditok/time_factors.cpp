#include "symphony/tokens/miditok/time_factors.h"

namespace symphony::tokens::miditok {

std::int64_t first_at_least(const std::vector<std::int64_t>& values, std::int64_t from,
                            std::int64_t limit) {
    for (std::size_t i = clamped(from, values.size()); i < values.size(); ++i)
        if (values[i] >= limit) return static_cast<std::int64_t>(i) - from;
    return 0;
}

std::size_t clamped(std::int64_t index, std::size_t size) {
    return static_cast<std::size_t>(
        std::clamp<std::int64_t>(index, 0, static_cast<std::int64_t>(size)));
}

// MidiTok does not add the start of the search to what it finds, so from the third factor on the
// indices are too small.
Factors by_index(const Factors& factors, const std::vector<std::int64_t>& times) {
    Factors found = factors;
    std::int64_t first = 0;
    for (std::size_t i = 0; i < factors.size(); ++i) {
        const std::int64_t last = i + 1 == factors.size()
                                      ? static_cast<std::int64_t>(times.size()) - 1
                                      : first_at_least(times, first, factors[i].end);
        found[i].end = last;
        first = last;
    }
    return found;
}

void round_to_factors(std::vector<std::int64_t>& times, const Factors& factors,
                      std::optional<std::int64_t> least) {
    std::size_t first = 0;
    for (std::size_t f = 0; f < factors.size(); ++f) {
        const std::size_t last =
            f + 1 == factors.size() ? times.size() : clamped(factors[f].end, times.size());
        const std::int64_t factor = factors[f].factor;
        for (std::size_t i = first; factor != 1 && factor != 0 && i < last; ++i) {
            times[i] = static_cast<std::int64_t>(round_half_even(static_cast<double>(times[i]) /
                                                                 static_cast<double>(factor))) *
                       factor;
            if (least && times[i] == 0) times[i] = *least * factor;
        }
        first = last;
    }
}

}  // namespace symphony::tokens::miditok
