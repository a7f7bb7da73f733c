// The learning rate over a run: linear warm-up, then a cosine down to a share of the peak
// (Loshchilov & Hutter, "SGDR", 2017, without restarts).
#pragma once

#include <cstdint>

namespace symphony::training {

struct Schedule {
    double peak = 1e-3;
    double min_share = 0.1;
    std::int64_t warmup_steps = 0;
    std::int64_t max_steps = 1;
};

// Of the step number `step`, counted from 0; past max_steps it stays at the end's value.
double learning_rate_at(const Schedule& schedule, std::int64_t step);

}  // namespace symphony::training
