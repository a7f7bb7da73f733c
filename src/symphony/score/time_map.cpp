#include "symphony/score/time_map.h"

#include <algorithm>
#include <cmath>

namespace symphony::score {

TimeMap::TimeMap(const Score& score) {
    const auto seconds_per_tick = [&](double quarters_per_minute) {
        return 60.0 / quarters_per_minute / score.ticks_per_quarter;
    };
    segments_.push_back({Ticks(0), Seconds(0), seconds_per_tick(kDefaultTempoBpm)});
    for (const TempoChange& change : score.tempos) {
        const Segment& last = segments_.back();
        const Seconds start =
            last.start +
            Seconds(static_cast<double>((change.onset - last.onset).value) * last.seconds_per_tick);
        segments_.push_back({change.onset, start, seconds_per_tick(change.quarters_per_minute)});
    }
}

Seconds TimeMap::seconds(Ticks at) const {
    auto segment = std::upper_bound(segments_.begin(), segments_.end(), at,
                                    [](Ticks t, const Segment& s) { return t < s.onset; });
    if (segment != segments_.begin()) --segment;
    return segment->start +
           Seconds(static_cast<double>((at - segment->onset).value) * segment->seconds_per_tick);
}

Ticks TimeMap::ticks(Seconds at) const {
    auto segment = std::upper_bound(segments_.begin(), segments_.end(), at,
                                    [](Seconds t, const Segment& s) { return t < s.start; });
    if (segment != segments_.begin()) --segment;
    return segment->onset +
           Ticks(std::llround((at - segment->start).value / segment->seconds_per_tick));
}

Seconds duration_of(const Score& score) { return TimeMap(score).seconds(score.end()); }

Quarters to_quarters(Ticks at, int ticks_per_quarter) {
    return Quarters(static_cast<double>(at.value) / ticks_per_quarter);
}

}  // namespace symphony::score
