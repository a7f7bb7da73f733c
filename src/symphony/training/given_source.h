// Training pieces with some of their notes told ahead (tokens::GivenCells), so that a model learns
// to fill gaps, to accompany and to put a melody to what is there, besides going on: each piece is
// cut into stretches, and each stretch is composed freely, around given parts, or as a gap before
// given bars. Source: own.
#pragma once

#include "symphony/base/json.h"
#include "symphony/base/rng.h"
#include "symphony/tokens/grid_piece.h"
#include "symphony/tokens/stream_speller.h"
#include "symphony/training/training_data.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace symphony::tokens {
class StreamTokenizer;
}

namespace symphony::training {

// What is given of a piece, drawn stretch by stretch.
tokens::GivenCells draw_given(base::Rng& rng, const tokens::GridPiece& piece);

class GivenSource {
  public:
    // `pieces` gives a piece as it would be read without this; `share` of the readings tell notes
    // ahead. Precondition: can_be_given(tokenizer_json).
    GivenSource(const base::Json& tokenizer_json, VariantFunction pieces, double share,
                std::uint64_t seed);
    ~GivenSource();

    // A VariantFunction: depends on its arguments, the seed and the pieces alone.
    std::vector<std::uint16_t> ids(std::uint64_t epoch, std::size_t piece) const;

  private:
    std::unique_ptr<tokens::StreamTokenizer> tokenizer_;
    VariantFunction pieces_;
    double share_;
    std::uint64_t seed_;
};

// Has the vocabulary tokens that tell notes ahead?
bool can_be_given(const base::Json& tokenizer_json);

// The pieces of `data` as stored, each time in one of its keys, as BatchStream reads them without
// variants. `data` must outlive the function.
VariantFunction stored_versions(const TrainingData& data, std::uint64_t seed);

}  // namespace symphony::training
