// The verb `tune`, for an executable with or without libtorch.
#pragma once

#include "symphony/cli/train_command.h"
#include "symphony/cli/verb.h"

namespace symphony::cli {

VerbEntry make_tune_verb(TraineeFactory torch_factory);

}  // namespace symphony::cli
