// LSTM and transformer as Trainees, on libtorch. No torch type shows here.
#pragma once

#include "symphony/training/options.h"
#include "symphony/training/trainee.h"

#include <memory>

namespace symphony::training {

// `options` are resolved (fill_defaults), options.model is "lstm" or "transformer". Sets the number
// of threads of the whole process.
std::unique_ptr<Trainee> make_torch_trainee(const TrainOptions& options, int vocabulary_size,
                                            int start_token);

}  // namespace symphony::training
