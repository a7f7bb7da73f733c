// What Symphony's own pre-trained model is worth on other music: a small transformer from scratch,
// the base as it is and the base tuned, all in the base's tokens, scored on the same test pieces.
#pragma once

#include "symphony/cli/journey.h"

#include <filesystem>
#include <vector>

namespace symphony::cli {

// The stages, which write data-base/, models/from-scratch, models/base-tuned and base.json into
// the journey's folder. `base` is the folder of the base.
std::vector<Stage> base_experiment(const LearnPlanOptions& options,
                                   const std::filesystem::path& base);

}  // namespace symphony::cli
