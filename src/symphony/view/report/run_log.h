// A training run as the report shows it: metrics.jsonl read back, with settings and samples.
#pragma once

#include "symphony/base/json.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace symphony::view {

// One evaluation of one split.
struct CurvePoint {
    std::int64_t step = 0;
    double epoch = 0;
    double loss = 0;      // nats per token
    double accuracy = 0;  // share of tokens
};

struct RunSample {
    std::int64_t step = 0;
    std::filesystem::path path;  // MIDI
    std::vector<std::string> warnings;
};

struct RunLog {
    std::string name;    // the run's folder
    std::string family;  // "lstm", as trained; the name where the run does not say
    std::filesystem::path folder;
    std::int64_t parameters = 0;
    std::optional<double> uniform_loss;  // ln V
    std::vector<CurvePoint> train, valid;
    std::vector<RunSample> samples;  // by step
    double seconds = 0;              // of training
    std::int64_t tokens = 0;         // seen
    std::int64_t steps = 0;
    std::optional<std::int64_t> best_step;
    std::string end_reason;  // "max-steps", "patience", ...; empty: not finished
    std::string settings;    // run.toml as it is
    int settings_tried = 1;  // that valid chose from: an n-gram tries every order, a network one
    // gradient-flow.json: norm of the gradient of a loss with respect to the state k + 1 tokens
    // before it, for k from 0; empty where the run measured none.
    std::vector<double> gradient_by_distance;
    base::Json provenance;  // model/symphony.json, an empty object where there is none

    // The lowest valid loss; nothing without evaluations.
    std::optional<double> best_valid_loss() const;
};

// Reads RUN/metrics.jsonl, run.toml, result.json, gradient-flow.json, model/symphony.json and
// samples/*.mid, as far as they are there. A half last line is ignored. Throws Error (kInput) for
// other lines that are no JSON.
RunLog read_run(const std::filesystem::path& folder);

// How a model is called in text: "ngram" is "n-gram", "rnn" is "RNN", "lstm" is "LSTM"; others as
// they are.
std::string model_title(const std::string& name);

}  // namespace symphony::view
