// Several models on the same pieces: each with its interval, each pair with a verdict. A model has
// won only where the paired interval excludes zero.
#pragma once

#include "symphony/evaluate/bootstrap.h"
#include "symphony/evaluate/likelihood.h"

#include <string>
#include <vector>

namespace symphony::evaluate {

enum class Verdict { kFirstWon, kSecondWon, kCannotBeToldApart, kNotComparable };
std::string verdict_name(Verdict verdict);  // "first won", ..., "cannot be told apart", ...
Verdict verdict_from_name(const std::string& name);

struct PairComparison {
    std::string first, second;  // names of models
    // "bits per note", or the parts of it that two schemes share: "bits per note (pitch, onset,
    // length)"
    std::string measure;
    Interval difference;  // first - second, in bits per note; below zero: the first is better
    Verdict verdict = Verdict::kNotComparable;
    std::string reason;  // why not comparable
    std::string remark;  // across schemes: what else the two hold differently
    std::string sentence() const;
    bool operator==(const PairComparison&) const = default;
};

struct Evaluation {
    std::string split;
    std::string data;  // folder of the data set or the music
    std::vector<ModelLikelihood> models;
    std::vector<Interval> bits_per_note;  // one per model
    std::vector<PairComparison> pairs;    // every pair, in the order of models
    std::string conclusion;               // what won, in words
    bool operator==(const Evaluation&) const = default;
};

// Across schemes (or grids) only pitch + onset + length (+ part, where both have parts) are
// compared, and only where both schemes hold these three alike (Scheme::facts), kept the same
// notes and give pitches and lengths tokens of their own (no sub-words); else kNotComparable with
// the reason. What else they hold differently is remarked.
PairComparison compare(const ModelLikelihood& first, const ModelLikelihood& second,
                       const BootstrapOptions& options = {});

Evaluation compare_all(std::vector<ModelLikelihood> models, const BootstrapOptions& options = {});

base::Json to_json(const Evaluation& evaluation);
Evaluation evaluation_from_json(const base::Json& json);

}  // namespace symphony::evaluate
