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

// From three timed steps; the trainee is left trained by them.
struct DryRun {
    std::int64_t parameters = 0, memory_bytes = 0, checkpoint_bytes = 0;
    std::int64_t steps = 0, tokens_per_step = 0, tokens_per_epoch = 0;
    double epochs = 0, seconds_per_step = 0, minutes = 0;
    std::int64_t free_disk_bytes = 0;  // where the run folder will lie

    base::Json to_json() const;
    // The same for people, several lines.
    std::string to_text() const;
};
// `run_folder` need not exist.
DryRun dry_run(Trainee& trainee, const TrainingData& data, const TrainOptions& options,
               const std::filesystem::path& run_folder);

}  // namespace symphony::training
