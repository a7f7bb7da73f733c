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

// The folder of the training run that `model` is or belongs to (RUN/model); `model` itself where
// there is none, as for a model that came without its run.
std::filesystem::path run_of(const std::filesystem::path& model);
// Throws Error (kUsage) if `run` is a training run that is not finished: its test pieces would be
// looked at more than once.
void require_finished(const std::filesystem::path& run);

// The test set is looked at once per finished run: RUN/test.json keeps what was found.
// Nothing if there is none for these weights and this data.
std::optional<ModelLikelihood> stored_test(const std::filesystem::path& run,
                                           const std::string& weights_sha256,
                                           const std::string& data_hash);
// Adds a result; those of other weights are dropped, those of other data kept. Does nothing if
// `run` is not the folder of a training run.
void store_test(const std::filesystem::path& run, const ModelLikelihood& result);

}  // namespace symphony::evaluate
