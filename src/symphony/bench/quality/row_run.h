// Trains one row of `symphony bench quality` and measures it. Own.
#pragma once

#include "symphony/base/progress.h"
#include "symphony/bench/quality/row_result.h"
#include "symphony/bench/quality/training_sets.h"
#include "symphony/training/options.h"
#include "symphony/training/trainee.h"

#include <filesystem>

namespace symphony::bench {

// The row's set for training; options.transpose asks for transposed training pieces.
std::unique_ptr<TrainingSet> training_set_of(const QualityRow& row, const PublishedSets& sets,
                                             const training::TrainOptions& options);

// Trains `trainee` into `folder`, going on from where an earlier call was stopped, and measures the
// weights that valid chose. A row finished earlier with the same options is not trained again.
// Without `look_at_test` the test part is left alone. Throws what run_training and RunFolder throw.
RowResult run_quality_row(const QualityRow& row, training::Trainee& trainee, const TrainingSet& set,
                          const training::TrainOptions& options,
                          const std::filesystem::path& folder, bool look_at_test,
                          base::Progress& progress);

}  // namespace symphony::bench
