// The same shape trained by other programs in the same run: PyTorch (bench/train/pytorch.py) and,
// for the RNN, NumPy (tools/rnn_numpy.py), each in every setting that may be its best. Own.
#pragma once

#include "symphony/base/json.h"
#include "symphony/base/progress.h"
#include "symphony/training/options.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace symphony::bench {

// Another program in one setting.
struct TrainingPeer {
    std::string name, setting;  // "PyTorch", "bf16 compile"
    std::vector<std::string>
        arguments;       // the script's, before the seconds; SHAPE stands for the shape's file
    std::string script;  // in Symphony's sources
    int threads = 0;
    std::function<double()> seconds_per_step;  // in this process; then there is no script,
    std::string version;                       // and this is its version
};

// Who trains this model beside us; `threads` as ours.
std::vector<TrainingPeer> training_peers(const training::TrainOptions& options, int threads);

struct TrainingPeerSpeed {
    std::string name, setting, version;
    std::int64_t parameters = 0;
    double seconds_per_step = 0;         // of the round of the median ratio
    double our_seconds = 0;              // in that round
    std::int64_t peak_memory_bytes = 0;  // 0 in this process
    std::string error;                   // if it could not: what it said last; the figures are 0

    double ratio() const { return our_seconds > 0 ? seconds_per_step / our_seconds : 0; }
    base::Json to_json(std::int64_t tokens_per_step) const;
    std::string to_text(std::int64_t tokens_per_step) const;
};

struct TrainingPeerPlan {
    std::filesystem::path python,
        sources;          // the Python of scripts/torch-venv.sh; Symphony's folder
    int rounds = 3;       // ours, then each of theirs; the median ratio counts
    double seconds = 10;  // of timed steps, each time
};

// `our_seconds` measures a step of ours. `peers` as training_peers() gives them, and more. Fastest
// first. A peer that fails says so and does not end
// the others. Throws Error (kInput) if a peer trains a model of another size.
std::vector<TrainingPeerSpeed> measure_training_peers(const std::vector<TrainingPeer>& peers,
                                                      const training::TrainOptions& options,
                                                      int vocabulary, std::int64_t parameters,
                                                      const std::function<double()>& our_seconds,
                                                      const TrainingPeerPlan& plan,
                                                      base::Progress& progress);

}  // namespace symphony::bench
