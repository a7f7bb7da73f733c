// The loudness of a part over written time: marks hold, wedges lead from one level to the next.
#pragma once

#include "symphony/io/musicxml_model.h"

#include <cstdint>
#include <vector>

namespace symphony::io::musicxml {

inline constexpr double kDefaultVelocity = 80;  // before the first mark: mezzo-forte

class DynamicsCurve {
  public:
    // `starts` holds the written onset of each measure, in `resolution` units per quarter.
    DynamicsCurve(const std::vector<RawDynamic>& dynamics, const std::vector<std::int64_t>& starts,
                  std::int64_t resolution);

    // Velocity 1..127 of `note`, whose written onset is `onset`.
    std::uint8_t velocity(const RawNote& note, std::int64_t onset) const;

  private:
    struct Segment {
        std::int64_t onset;
        double level;
        std::int64_t ramp_end;  // onset: no ramp
        double ramp_level;
    };
    struct Accent {
        std::int64_t onset;
        double level;
    };

    double level_at(std::int64_t at) const;

    std::vector<Segment> segments_;
    std::vector<Accent> accents_;
};

}  // namespace symphony::io::musicxml
