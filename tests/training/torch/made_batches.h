// Small networks' options and batches of a learnable pattern, for tests of training/torch.
#pragma once

#include "symphony/base/rng.h"
#include "symphony/training/options.h"
#include "symphony/training/trainee.h"

#include <vector>

namespace symphony::training {

inline TrainOptions small_options(const std::string& model, int layers = 2) {
    TrainOptions options;
    options.model = model;
    options.layers = layers;
    options.hidden_size = 24;
    options.embedding_size = 16;
    options.heads = 2;
    options.intermediate_size = 40;
    options.batch_size = 3;
    options.sequence_length = 20;
    options.learning_rate = 1e-2;
    options.dropout = 0.0;
    options.threads = 1;
    return options;
}

// Uniform ids; some lanes begin a new sequence inside the window, some targets are padding.
inline Batch random_batch(int vocabulary, std::uint64_t seed, int lanes = 3, int time = 20) {
    base::Rng rng(seed, "batch");
    Batch batch{lanes, time, {}, {}, {}};
    for (int i = 0; i < lanes * time; ++i) {
        batch.inputs_BT.push_back(int(rng.below(std::uint64_t(vocabulary))));
        batch.targets_BT.push_back(rng.below(9) == 0 ? -1
                                                     : int(rng.below(std::uint64_t(vocabulary))));
        batch.reset_BT.push_back(rng.below(7) == 0);
    }
    return batch;
}

}  // namespace symphony::training
