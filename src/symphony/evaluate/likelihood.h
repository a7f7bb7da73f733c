// How well a model predicts music it has not seen: bits per note, by kind of token, with accuracy.
//
// Definition (own, after "bits per dimension"): -log2 p summed over all tokens of a piece's
// canonical sequence, its end token included, unmasked, the whole piece in one go, divided by the
// notes of the *source*: notes that the scheme dropped stay in the denominator, so that no scheme
// gains by dropping. docs/evaluation.md has every measure.
#pragma once

#include "symphony/base/json.h"
#include "symphony/base/progress.h"
#include "symphony/models/language_model.h"
#include "symphony/tokens/tokenizer.h"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace symphony::evaluate {

// Share of tokens guessed right, over the tokens where the grammar leaves a choice (more than one
// legal id). The guess is the model's own: illegal ids are not masked.
struct Accuracy {
    std::int64_t tokens = 0;
    std::int64_t top1 = 0;  // the likeliest id was the true one
    std::int64_t top5 = 0;  // the true id was among the five likeliest

    double top1_share() const { return tokens ? static_cast<double>(top1) / tokens : 0; }
    double top5_share() const { return tokens ? static_cast<double>(top5) / tokens : 0; }
    Accuracy& operator+=(const Accuracy& other);
    bool operator==(const Accuracy&) const = default;
};

struct PieceLikelihood {
    std::string id, group;                                   // as in corpus::PieceInfo
    std::int64_t notes = 0;                                  // of the source
    std::array<double, tokens::kTokenKinds> bits{};          // by TokenKind
    std::array<std::int64_t, tokens::kTokenKinds> tokens{};  // by TokenKind
    Accuracy all, pitch;                                     // pitch: tokens of kind kPitch only

    double total_bits() const;
    std::int64_t total_tokens() const;
    bool operator==(const PieceLikelihood&) const = default;
};

// One model on one set of pieces.
struct ModelLikelihood {
    std::string name;    // short, for tables: the run's folder name
    std::string folder;  // of the model
    std::string family, scheme;
    int steps_per_quarter = 0;
    int vocabulary_size = 0;
    int context_length = 0;  // 0: carried state
    std::int64_t parameters = 0;
    std::string weights_sha256, data_hash;
    std::string split;                           // "valid", "test", or "all" for a folder of music
    std::map<std::string, std::int64_t> losses;  // what the scheme dropped, over all pieces
    std::vector<PieceLikelihood> pieces;

    std::int64_t notes() const;
    std::int64_t tokens() const;
    double bits() const;
    double bits_per_note() const;
    double bits_per_note(tokens::TokenKind kind) const;
    double nats_per_token() const;
    Accuracy accuracy() const;
    Accuracy pitch_accuracy() const;
    bool operator==(const ModelLikelihood&) const = default;
};

// A piece to score. `ids` ends with the end token.
struct ScoredPiece {
    std::string id, group;
    std::int64_t notes = 0;
    std::vector<int> ids;
    std::map<std::string, std::int64_t> losses;
};

// Scores every piece from reset(), on several threads: `make_model` is called once per thread,
// since models carry state. Only `losses` and `pieces` of the result, and what the model and
// tokenizer know of themselves, are filled in. Throws Error (kModel) if vocabulary sizes differ,
// (kInput) if a piece breaks the grammar, (kDiverged) if a likelihood is not finite,
// (kInterrupted) on a stop request.
ModelLikelihood score_pieces(
    const std::function<std::unique_ptr<models::LanguageModel>()>& make_model,
    const tokens::Tokenizer& tokenizer, std::span<const ScoredPiece> pieces, int threads,
    base::Progress& progress);

base::Json to_json(const ModelLikelihood& result);
// Throws Error (kInput) if a field is missing or of another type.
ModelLikelihood likelihood_from_json(const base::Json& json);

}  // namespace symphony::evaluate
