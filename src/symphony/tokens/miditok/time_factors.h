// Rounding of times to the resolution of the stretch that they lie in, as MidiTok does it.
#pragma once

#include "symphony/tokens/miditok/piece.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace symphony::tokens::miditok {

// Until `end` times are multiples of `factor` ticks. In `end` stand ticks, or indices of notes once
// they were looked up.
struct Factor {
    std::int64_t end = 0;
    std::int64_t factor = 1;
};
using Factors = std::vector<Factor>;

std::vector<std::int64_t> times_of(const auto& events) {
    std::vector<std::int64_t> times;
    for (const auto& event : events) times.push_back(event.time);
    return times;
}

void set_times(auto& events, const std::vector<std::int64_t>& times) {
    for (std::size_t i = 0; i < events.size(); ++i) events[i].time = times[i];
}

// An index into `size` things, or behind the last.
std::size_t clamped(std::int64_t index, std::size_t size);

// numpy.argmax of a condition: where it first holds at or after `from`, counted from there; 0 if it
// never does.
std::int64_t first_at_least(const std::vector<std::int64_t>& values, std::int64_t from,
                            std::int64_t limit);

// Factors whose ends are indices into `times`.
Factors by_index(const Factors& factors, const std::vector<std::int64_t>& times);

// `factors` by index. A time rounded to 0 becomes `least` factors, where given.
void round_to_factors(std::vector<std::int64_t>& times, const Factors& factors,
                      std::optional<std::int64_t> least = std::nullopt);

// Ends of events that last into a stretch of another factor; `factors` by index.
void round_spanning_ends(auto& events, const Factors& factors) {
    std::vector<std::int64_t> ends;
    for (const auto& event : events) ends.push_back(event.end());
    std::int64_t first = 0;
    for (std::size_t f = 0; f + 1 < factors.size(); ++f) {
        const std::int64_t last = factors[f].end;
        const std::int64_t limit = events[clamped(last, events.size() - 1)].time;
        for (std::int64_t i = first; i < last; ++i) {
            if (ends[static_cast<std::size_t>(i)] < limit) continue;
            const auto at = static_cast<std::size_t>(i - first);  // as in MidiTok
            std::size_t found = 0;
            for (std::size_t g = f; g < factors.size(); ++g)
                if (factors[g].end >= events[at].time) {
                    found = g - f;
                    break;
                }
            const auto factor = static_cast<double>(factors[found].factor);
            if (factor == 0) continue;
            const auto end = static_cast<std::int64_t>(
                round_half_even(static_cast<double>(ends[at]) / factor) * factor);
            events[at].duration = end - events[at].time;
        }
        first = last;
    }
}

}  // namespace symphony::tokens::miditok
