// What training sees of a data set: training pieces with their transpositions, and whole held-out
// sequences. Holds views into the Dataset, which must outlive it.
#pragma once

#include "symphony/base/json.h"
#include "symphony/corpus/dataset.h"
#include "symphony/tokens/tokenizer.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace symphony::training {

// The same piece in every prepared key; versions[0] is as written. None is empty, each ends with
// the end token.
struct TrainingPiece {
    std::vector<std::span<const std::uint16_t>> versions;
};

// The ids of a training piece as it is read in an epoch, ending with the end token; a function of
// its arguments alone. From any thread.
using VariantFunction =
    std::function<std::vector<std::uint16_t>(std::uint64_t epoch, std::size_t piece)>;

struct TrainingData {
    int vocabulary_size = 0;
    int end_token = 0;
    std::string hash;                         // of the data set
    base::Json tokenizer_json;                // goes beside every model
    std::optional<double> default_tempo_bpm;  // of the corpus, for takes that state no tempo
    std::vector<tokens::TokenKind> kinds;     // of each id
    std::vector<int> unseen;                  // ids that training never shows, rising
    std::vector<int> tempo_ladder;            // ids of all tempo classes, slow to fast: what tempos
                                              // are shifted along; empty: they are not
    std::vector<TrainingPiece> train;
    VariantFunction variant;  // what is learned in place of `train`'s versions; empty: those
    std::vector<std::vector<int>> valid,
        test;  // whole pieces as written, ending with the end token
};

// Throws Error (kInput) if the data set has no training piece, or none to validate on. `transpose`
// false keeps only versions[0]; `vary_tempo` says that tempos will be shifted by up to a class.
TrainingData training_data(const corpus::Dataset& dataset, bool transpose, bool vary_tempo);

// The first pieces of valid that hold at most `max_tokens`, at least one: what an evaluation
// scores. More than that adds time, not certainty.
std::vector<std::vector<int>> valid_subset(const TrainingData& data,
                                           std::int64_t max_tokens = 400'000);

// Tokens of training music that train loss and accuracy are measured on.
inline constexpr std::int64_t kTrainSubsetTokens = 40'000;
// Training pieces as written that hold about `max_tokens` in all (at least one piece), drawn by
// `seed`.
std::vector<std::vector<int>> train_subset(const TrainingData& data, std::int64_t seed,
                                           std::int64_t max_tokens = kTrainSubsetTokens);

}  // namespace symphony::training
