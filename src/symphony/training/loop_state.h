// What the training loop itself must remember to go on bit-exactly; kept in a checkpoint's
// manifest.
#pragma once

#include "symphony/base/json.h"
#include "symphony/training/metrics_log.h"
#include "symphony/training/trainee.h"

#include <cstdint>
#include <limits>
#include <string>

namespace symphony::training {

// What is summed between two "step" lines.
struct StepSums {
    double loss = 0, gradient_norm = 0;
    std::int64_t tokens = 0, steps = 0;
};

// All that the loop itself must remember; goes into the checkpoint's manifest.
struct LoopState {
    std::int64_t step = 0;
    std::int64_t evaluated_step = -1;  // newest step whose evaluation is done
    std::int64_t tokens = 0;
    double seconds = 0;
    std::int64_t best_step = -1;
    SplitResult best_valid{std::numeric_limits<double>::infinity(), 0, 0};
    int evaluations_without_gain = 0;
    double rate_factor = 1;  // what stalls have made of the learning rate
    std::string stop_reason;
    StepSums sums;
    MetricsLog::Position log;

    base::Json to_json() const;
    // Throws nlohmann::json::exception if something is missing.
    static LoopState from_json(const base::Json& json);
};

}  // namespace symphony::training
