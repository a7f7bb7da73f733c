// Everything the report shows, read from the output folder of a journey:
//   explore.json, evaluation.json, pretraining.json, base.json, generated.json, data/,
//   models/NAME/, NAME/take-N.{mid,wav,json}
// What is not there stays empty, and the report says so.
#pragma once

#include "symphony/corpus/dataset.h"
#include "symphony/corpus/report.h"
#include "symphony/evaluate/comparison.h"
#include "symphony/evaluate/generated_report.h"
#include "symphony/score/score.h"
#include "symphony/view/report/run_log.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace symphony::view {

struct TakeFile {
    std::string model;
    int number = 1;
    std::filesystem::path midi, wav;  // wav may not exist
    score::Score score;               // with roles
    base::Json info;                  // take-N.json, an empty object where there is none
};

// A held-out piece with its notes; roles set, quantised to the tokens' grid, as models see it.
struct HeldOutPiece {
    std::string id;
    score::Score score;
};

// Mean nats per token over valid of a model that knows only how often each token occurs in train
// (one is added to every count).
double unigram_loss(const corpus::Dataset& dataset);

struct ReportData {
    std::filesystem::path folder;
    std::optional<corpus::CorpusReport> corpus;
    std::optional<corpus::Dataset> dataset;
    std::optional<double> unigram_loss;
    std::vector<HeldOutPiece> held_out;  // of test, else of valid; at most 40
    std::string held_out_split;
    std::optional<evaluate::Evaluation> evaluation, pretraining, base;
    std::optional<evaluate::GeneratedReport> generated;
    std::vector<RunLog> runs;              // compared models, in the order of evaluation
    std::vector<RunLog> pretraining_runs;  // in the order of pretraining
    std::vector<RunLog> base_runs;         // in the order of base, without the base itself
    std::vector<TakeFile> takes;           // by model in the order of runs, then by number
    std::vector<std::string> unreadable;   // files left out, with the reason

    // Names of the models that have takes, best first where they were evaluated.
    std::vector<std::string> composing_models() const;
    // The name of the model with the fewest bits per note; empty without an evaluation.
    std::string best_model() const;
    const TakeFile* first_take(const std::string& model) const;
    // Is (nearly) all of the music by Bach? Then the page may say so.
    bool is_bach() const;
};

// Throws Error (kInput) if `folder` is not there, holds nothing of a journey, or a file of it is
// damaged.
ReportData read_report_data(const std::filesystem::path& folder);

}  // namespace symphony::view
