// symphony bench quality: how well our models predict the sets of published tables, beside the
// papers' figures.
#pragma once

#include "symphony/cli/train_command.h"
#include "symphony/cli/verb.h"

#include <string>

namespace symphony::cli {

struct QualityRequest {
    std::string rows;            // names separated by commas; empty: all
    std::string sets;            // folder with polymusic and jsb-chorales
    std::string settings;        // folder with a TOML of training options for each row
    std::string output;          // a run folder for each row
    double minutes_per_row = 0;  // 0: no bound
    bool self_test_only = false, valid_only = false;
};

// Returns the exit code. Throws Error: kInput if the evaluator does not reproduce its checks.
int run_bench_quality(const QualityRequest& request, const TraineeFactory& tokens,
                      const FrameTraineeFactory& frames, const Context& context);

}  // namespace symphony::cli
