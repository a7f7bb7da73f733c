// What `symphony train` and `symphony-train train|tune` do alike: open or prepare the data, train
// into a run folder, tell the result.
#pragma once

#include "symphony/cli/verb.h"
#include "symphony/models/key_sets.h"
#include "symphony/training/options.h"
#include "symphony/training/trainee.h"

#include <functional>
#include <memory>
#include <string>

namespace symphony::cli {

// Makes the Trainee of a family that needs libtorch (lstm, transformer).
using TraineeFactory = std::function<std::unique_ptr<training::Trainee>(
    const training::TrainOptions& options, int vocabulary_size, int end_token)>;

// Makes the LSTM whose ids are frames, which needs libtorch too.
using FrameTraineeFactory = std::function<std::unique_ptr<training::Trainee>(
    const training::TrainOptions& options, std::shared_ptr<const models::KeySets> frames)>;

struct TrainRequest {
    std::string data;    // a prepared data set, or a folder of music
    std::string output;  // run folder
    std::string from;    // model folder whose weights are the start; empty: random weights
    training::TrainOptions options;
};

// Is the family trained with libtorch, in symphony-train?
inline bool needs_torch(const std::string& model) {
    return model == "lstm" || model == "transformer";
}

// Returns the exit code. `torch_factory` may be empty if the model does not need libtorch.
int run_train_command(TrainRequest request, const TraineeFactory& torch_factory,
                      const Context& context);

// libtorch's own operations in place of ours, as long as the result of `use` lives.
struct StockLibrary {
    std::string version;
    std::function<std::shared_ptr<void>(bool bf16)> use;
};

// The verb `bench`, for an executable with or without libtorch.
VerbEntry make_bench_verb(TraineeFactory torch_factory, FrameTraineeFactory frame_factory,
                          StockLibrary libtorch);

// The verb `train`, for an executable with or without libtorch.
VerbEntry make_train_verb(TraineeFactory torch_factory);

}  // namespace symphony::cli
