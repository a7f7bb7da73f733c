// Small made-up training data: pieces with a rule that can be learned, in several transpositions.
#pragma once

#include "symphony/training/training_data.h"

#include <deque>
#include <vector>

namespace symphony::training {

// Id 0 ends a piece, 1..12 are pitches. Piece p counts up by p % 3 + 1 from a start of its own;
// version v starts v higher. Owns the ids that `data` looks at.
struct ToyData {
    std::deque<std::vector<std::uint16_t>> ids;
    TrainingData data;

    explicit ToyData(int pieces = 9, int versions = 3) {
        data.vocabulary_size = 13;
        data.end_token = 0;
        data.hash = "toy";
        data.tokenizer_json = {{"scheme", "toy"}};
        data.kinds.assign(13, tokens::TokenKind::kPitch);
        data.kinds[0] = tokens::TokenKind::kOther;
        for (int p = 0; p < pieces; ++p) {
            TrainingPiece piece;
            for (int v = 0; v < versions; ++v) piece.versions.emplace_back(make(p, v));
            data.train.push_back(piece);
        }
        for (int p = 0; p < 3; ++p) {
            const auto& valid = make(p + 100, 0);
            data.valid.emplace_back(valid.begin(), valid.end());
            const auto& test = make(p + 200, 0);
            data.test.emplace_back(test.begin(), test.end());
        }
    }

  private:
    const std::vector<std::uint16_t>& make(int piece, int version) {
        std::vector<std::uint16_t> list;
        const int length = 10 + piece * 7 % 11;
        for (int i = 0; i < length; ++i)
            list.push_back(
                static_cast<std::uint16_t>(1 + (piece * 5 + version + i * (piece % 3 + 1)) % 12));
        list.push_back(0);
        return ids.emplace_back(std::move(list));
    }
};

}  // namespace symphony::training
