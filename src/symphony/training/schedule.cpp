#include "symphony/training/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace symphony::training {

double learning_rate_at(const Schedule& s, std::int64_t step) {
    if (step < s.warmup_steps)
        return s.peak * static_cast<double>(step + 1) / static_cast<double>(s.warmup_steps + 1);
    const auto decay_steps = std::max<std::int64_t>(1, s.max_steps - s.warmup_steps);
    const double done = std::min(
        1.0, static_cast<double>(step - s.warmup_steps) / static_cast<double>(decay_steps));
    const double low = s.peak * s.min_share;
    return low + 0.5 * (s.peak - low) * (1 + std::cos(std::numbers::pi * done));
}

}  // namespace symphony::training
