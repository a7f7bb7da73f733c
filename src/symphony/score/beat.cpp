#include "symphony/score/beat.h"

#include <algorithm>

namespace symphony::score {

Ticks beat_length(Meter meter, int ticks_per_quarter) {
    const bool is_compound =
        meter.denominator >= 8 && meter.numerator > 3 && meter.numerator % 3 == 0;
    const std::int64_t unit = std::int64_t{4} * ticks_per_quarter / meter.denominator;
    return Ticks(std::max<std::int64_t>(1, is_compound ? 3 * unit : unit));
}

}  // namespace symphony::score
