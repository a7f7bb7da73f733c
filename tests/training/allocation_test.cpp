// Once warm, a step of the hand-written RNN allocates nothing: neither its batches nor forward,
// backward and update.
#include "symphony/training/batches.h"
#include "symphony/training/rnn_trainee.h"

#include "count_allocations.h"
#include "toy_data.h"
#include <gtest/gtest.h>

namespace symphony::training {
namespace {

TEST(Allocation, AStepOfTheRnnNeedsNone) {
    const ToyData toy;
    TrainOptions options;
    options.model = "rnn";
    options.hidden_size = 32;
    options.embedding_size = 12;
    options.batch_size = 4;
    options.sequence_length = 8;
    options.dropout = 0.1;
    fill_defaults(options);
    RnnTrainee trainee(options, 13, 0);
    BatchStream stream(toy.data, 1, options.batch_size, options.sequence_length, false);
    std::vector<Batch> batches(2);
    const auto steps = [&](int from, int to) {
        for (int step = from; step < to; ++step) {
            stream.fill(batches);
            trainee.step(batches, step, 1e-3);
        }
    };
    steps(0, 5);
    const std::size_t before = test_support::allocations;
    steps(5, 105);
    EXPECT_EQ(test_support::allocations - before, 0u);
}

}  // namespace
}  // namespace symphony::training
