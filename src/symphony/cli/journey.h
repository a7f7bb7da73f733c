// The whole journey as stages, each one verb of ours run as a child process on files: what was
// finished is not done again, so the same command goes on where it was stopped. What was made with
// other settings, another seed or other music is made anew.
#pragma once

#include "symphony/cli/verb.h"

#include <filesystem>
#include <string>
#include <vector>

namespace symphony::cli {

struct Stage {
    std::string title;  // "train the LSTM"
    std::vector<std::string>
        arguments;  // of our own executable: {"train", "out/data", "--model", "lstm", ...}
    std::filesystem::path save_output;           // its standard output goes here; empty: dropped
    double expected_seconds = 5;                 // for the estimate of the time left
    std::vector<std::filesystem::path> outputs;  // what it makes, besides save_output
};

struct JourneyPlan {
    std::filesystem::path folder;  // where everything goes; OUT/.stages.json remembers what is done
    std::filesystem::path music;   // what everything is made from
    std::vector<std::string> data;  // the settings that everything is made with
    std::vector<Stage> stages;
};

// Runs the stages in order, a line before each with the time left. Throws Error of the failing
// stage's kind (its own words are already on standard error), kInterrupted after a stop request.
void run_journey(const JourneyPlan& plan, const Context& context);

// What `learn` and `demo` have in common.
struct LearnPlanOptions {
    std::filesystem::path music;   // folder of music
    std::filesystem::path folder;  // output
    std::vector<std::string> models{"ngram", "rnn", "lstm", "transformer"};
    std::string scheme = "remi";
    int takes = 3;
    int bars = 16;
    int excerpts = 100;  // generated excerpts compared with real ones
    // Every network sees as many tokens, so that the comparison is fair.
    std::int64_t tokens_per_model = 4'096'000;
    // Networks learn every transposition; pays with far more training than a journey's own. An
    // n-gram counts them in any case.
    bool transpose = false;
    double minutes_per_model = 0;  // ends training earlier; 0: no bound
    double tempo = 0;          // of music that states none; 0: what the named corpus says, if any
    bool pretraining = false;  // the experiment major -> minor
    int pretraining_steps = 300;
    bool base = false;  // the experiment with Symphony's own pre-trained model
    bool audio = true;
};

JourneyPlan plan_learning(const LearnPlanOptions& options);

// Steps of a family's default batches that show a model about `tokens`; at least two.
std::int64_t steps_for(std::int64_t tokens, const std::string& model);

// The last lines of `learn` and `demo`: what won, from OUT/evaluation.json, and where things lie;
// with --json the evaluation itself.
void print_outcome(const LearnPlanOptions& options, const Context& context);

}  // namespace symphony::cli
