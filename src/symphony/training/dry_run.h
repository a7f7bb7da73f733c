// What a training run would cost. Own.
#pragma once

#include "symphony/base/json.h"
#include "symphony/training/options.h"
#include "symphony/training/trainee.h"
#include "symphony/training/training_data.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace symphony::training {

// Times are those of at most three timed steps and of scoring a few pieces; saving and the samples
// at evaluations are not counted. The trainee is left trained by those steps.
struct DryRun {
    std::int64_t parameters = 0, trained_parameters = 0;
    std::int64_t memory_bytes = 0, checkpoint_bytes = 0;                // estimates
    std::int64_t steps = 0, tokens_per_step = 0, tokens_per_epoch = 0;  // steps: still to do
    std::int64_t timed_steps = 0, evaluations = 0;
    double epochs = 0, seconds_per_step = 0, seconds_per_evaluation = 0;
    double minutes = 0;                // of steps, evaluations and the test, unless stopped early
    std::int64_t free_disk_bytes = 0;  // where the run folder will lie

    base::Json to_json() const;
    // The same for people, several lines.
    std::string to_text() const;
    // What is said before training starts, in one line.
    std::string to_line(const TrainOptions& options) const;
};
// `run_folder` need not exist; `steps_done` were made in it before.
DryRun dry_run(Trainee& trainee, const TrainingData& data, const TrainOptions& options,
               const std::filesystem::path& run_folder, std::int64_t steps_done = 0);

}  // namespace symphony::training
