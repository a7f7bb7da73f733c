// The short sample that a model composes at each evaluation of its training: always the same prime
// and seed, so that one hears it learn.
#pragma once

#include "symphony/corpus/dataset.h"
#include "symphony/training/loop.h"

#include <filesystem>

namespace symphony::cli {

// Samples open with two bars of a held-out piece, go on to eight, and are kept as
// FOLDER/step-NNNNNN.mid. `data` and `dataset` must outlive the function returned.
training::SampleFunction sample_function(const corpus::Dataset& dataset,
                                         const training::TrainingData& data,
                                         const std::filesystem::path& folder, std::int64_t seed);

}  // namespace symphony::cli
