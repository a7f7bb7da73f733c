// Pieces of a data set, ready to be scored or listened to.
#pragma once

#include "symphony/corpus/dataset.h"
#include "symphony/evaluate/likelihood.h"
#include "symphony/score/score.h"
#include "symphony/tokens/tokenizer.h"

#include <filesystem>
#include <optional>
#include <vector>

namespace symphony::evaluate {

// Untransposed token sequences of a split, in the data set's order. Throws Error (kInput) if there
// is none.
std::vector<ScoredPiece> pieces_of(const corpus::Dataset& dataset, corpus::Split split);

// The same pieces as music: what the tokens hold of them, so that takes are compared with music
// that went the same way.
std::vector<score::Score> scores_of(const corpus::Dataset& dataset, corpus::Split split,
                                    const tokens::Tokenizer& tokenizer);

// The test set is looked at once per finished run: RUN/test.json keeps what was found.
// Nothing if there is none for these weights and this data.
std::optional<ModelLikelihood> stored_test(const std::filesystem::path& run,
                                           const std::string& weights_sha256,
                                           const std::string& data_hash);
// Adds a result; those of other weights are dropped, those of other data kept. Does nothing if
// `run` is not the folder of a training run.
void store_test(const std::filesystem::path& run, const ModelLikelihood& result);

}  // namespace symphony::evaluate
