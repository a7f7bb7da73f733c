// Sub-words by a unigram language model: each piece has a log-probability, and a sequence becomes
// the pieces whose probabilities multiply to the most. Ties fall as in Hugging Face tokenizers
// (0.23): the longer last piece is kept. Source: Kudo, "Subword Regularization", 2018.
#pragma once

#include "symphony/tokens/piece_trie.h"

#include <span>
#include <utility>
#include <vector>

namespace symphony::tokens::miditok {

class Unigram {
  public:
    Unigram() = default;
    // One finite score a piece. Every symbol must be a piece of its own.
    Unigram(std::span<const std::vector<int>> pieces, std::vector<double> scores)
        : trie_(pieces), scores_(std::move(scores)) {}

    // Appends the likeliest pieces of `symbols`, and of how many symbols each is.
    void segment(std::span<const int> symbols, std::vector<int>& ids,
                 std::vector<int>& counts) const;
    const std::vector<double>& scores() const { return scores_; }

  private:
    PieceTrie trie_;
    std::vector<double> scores_;  // of each piece
};

}  // namespace symphony::tokens::miditok
