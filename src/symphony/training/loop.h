// The training loop, the same for every model that has gradients: schedule, accumulation,
// evaluation, early stopping, checkpoints, logs, collapse watch. Going on from a checkpoint gives
// the same weights and loss lines as if training had never stopped.
#pragma once

#include "symphony/base/progress.h"
#include "symphony/training/run_folder.h"
#include "symphony/training/train_report.h"
#include "symphony/training/trainee.h"
#include "symphony/training/training_data.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace symphony::training {

// Composes a short sample at an evaluation (fixed prime and seed), may keep it in
// RunFolder::samples(), and returns its ids (for the collapse watch).
using SampleFunction = std::function<std::vector<int>(std::unique_ptr<models::LanguageModel> model,
                                                      std::int64_t step)>;

// Trains to the end (again, from where it was, if only max-minutes had ended it and is larger now);
// for a recurrent model also writes RUN/gradient-flow.json, how far back in time
// the losses of the best weights reach. `options` are resolved (fill_defaults). Throws Error:
// kDiverged if a loss or gradient is not finite (with step), kInterrupted after saving on a stop
// request (the same call goes on), kModel if the checkpoint is damaged.
TrainReport run_training(Trainee& trainee, const TrainingData& data, const TrainOptions& options,
                         const RunFolder& folder, base::Progress& progress,
                         const SampleFunction& sample = {});

// The last thing a run writes is RUN/result.json: where there is one, the run is finished.
std::optional<TrainReport> earlier_report(const RunFolder& folder);

// The collapse watch over one sample: adds its figures and warnings to `line`, returns the
// warnings. `music`: real pieces to compare with.
std::vector<std::string> watch_sample(const std::vector<int>& ids, const TrainingData& data,
                                      const std::vector<std::vector<int>>& music, base::Json& line);

// Steps between evaluations.
std::int64_t evaluation_interval(const TrainOptions& options, std::int64_t tokens_per_epoch);

}  // namespace symphony::training
