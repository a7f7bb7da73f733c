// LSTM and transformer as Trainees, on libtorch. No torch type shows here.
#pragma once

#include "symphony/models/key_sets.h"
#include "symphony/training/options.h"
#include "symphony/training/trainee.h"

#include <memory>

namespace symphony::training {

// `options` are resolved (fill_defaults), options.model is "lstm" or "transformer". Sets the number
// of threads of the whole process.
std::unique_ptr<Trainee> make_torch_trainee(const TrainOptions& options, int vocabulary_size,
                                            int start_token);

// An LSTM whose ids are frames; options.model is "lstm". A loss is nats per frame. Its model
// folder cannot be composed with.
std::unique_ptr<Trainee> make_torch_frame_trainee(const TrainOptions& options,
                                                  std::shared_ptr<const models::KeySets> frames);

}  // namespace symphony::training
