// Ticks to seconds and back, along the tempo changes of a score.
#pragma once

#include "symphony/score/score.h"

#include <vector>

namespace symphony::score {

class TimeMap {
  public:
    explicit TimeMap(const Score& score);

    Seconds seconds(Ticks at) const;
    Ticks ticks(Seconds at) const;  // rounded to the nearest

  private:
    struct Segment {
        Ticks onset;
        Seconds start;
        double seconds_per_tick;
    };
    std::vector<Segment> segments_;
};

// Length of the piece in performed time.
Seconds duration_of(const Score& score);

Quarters to_quarters(Ticks at, int ticks_per_quarter);

}  // namespace symphony::score
