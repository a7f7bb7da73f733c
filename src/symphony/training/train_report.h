// The outcome of a training run. Own.
#pragma once

#include "symphony/base/json.h"
#include "symphony/training/trainee.h"

#include <cstdint>
#include <string>
#include <vector>

namespace symphony::training {

// How a run ended; RUN/result.json.
struct TrainReport {
    std::string model;  // family
    std::int64_t parameters = 0;
    std::int64_t steps = 0, tokens = 0;  // done in all, over every resume
    double epochs = 0, minutes = 0;
    std::int64_t best_step = 0;
    SplitResult best_valid, test;  // of the best weights; test only where there is a test split
    std::string stop_reason;       // "max-steps", "patience", "max-minutes"
    bool was_finished = false;     // nothing was left to do
    std::vector<std::string> warnings;  // of the collapse watch, at the last evaluation

    base::Json to_json() const;
    // Throws nlohmann::json::exception if something is missing.
    static TrainReport from_json(const base::Json& json);
};

}  // namespace symphony::training
