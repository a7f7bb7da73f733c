// Fits the n-gram baseline and leaves the same run folder as every other model.
#pragma once

#include "symphony/training/loop.h"

namespace symphony::training {

// Counts every prepared transposition of every training piece; order and discounts are chosen on
// valid. Throws Error (kInterrupted) on a stop request (nothing is kept: it takes seconds).
TrainReport run_ngram(const TrainingData& data, const TrainOptions& options,
                      const RunFolder& folder, base::Progress& progress,
                      const SampleFunction& sample = {});

// Mean nats and accuracy of any model over whole sequences.
SplitResult score_sequences(models::LanguageModel& model,
                            const std::vector<std::vector<int>>& sequences);

}  // namespace symphony::training
