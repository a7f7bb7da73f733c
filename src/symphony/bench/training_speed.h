// How fast a model trains and composes, on random tokens: neither depends on what is learned. Own.
#pragma once

#include "symphony/base/json.h"
#include "symphony/training/options.h"
#include "symphony/training/trainee.h"

#include <cstdint>
#include <string>

namespace symphony::bench {

inline constexpr int kVocabulary = 400;

struct ModelSpeed {
    std::string name, precision;
    std::int64_t parameters = 0, tokens_per_step = 0;
    double seconds_per_step = 0;   // median: forward, backward, optimiser
    double flops_per_token = 0;    // of training: 6 N, and 6 L C T of causal attention
    double seconds_per_token = 0;  // median, one stream through next(), from reset to one window
    std::int64_t peak_memory_bytes = 0;  // of the process so far

    double training_tokens_per_second() const;
    double training_flops_per_second() const;
    double generated_tokens_per_second() const;
    base::Json to_json() const;
    std::string to_text() const;
};

// Median seconds of forward, backward and optimiser over `steps` steps, after one that is not
// counted.
double seconds_per_training_step(training::Trainee& trainee, const training::TrainOptions& options,
                                 int steps);

// `options` with defaults filled. Takes about `steps` + 1 training steps.
ModelSpeed measure_speed(const std::string& name, training::Trainee& trainee,
                         const training::TrainOptions& options, int steps);

}  // namespace symphony::bench
