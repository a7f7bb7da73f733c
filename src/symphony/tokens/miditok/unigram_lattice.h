// All ways to cut a word into pieces: their joint probability, what each piece is expected to
// occur in them, and the likeliest way. Source: Kudo, "Subword Regularization", 2018; sums and ties
// as in lattice.rs of Hugging Face tokenizers (0.23).
#pragma once

#include "symphony/tokens/piece_trie.h"

#include <span>
#include <vector>

namespace symphony::tokens::miditok {

// The pieces in use while a model is learned: a trie over all that ever were, and scores of those
// that are left.
struct UnigramPieces {
    static constexpr int kUnknown = 0;  // stands for a symbol that is no piece any more

    PieceTrie trie;              // its piece p has the id p + 1
    std::vector<double> scores;  // log-probabilities by id; kUnknown's is that of a missing symbol
    std::vector<char> in_use;    // by id
};

class UnigramLattice {
  public:
    explicit UnigramLattice(const UnigramPieces& pieces) : pieces_(&pieces) {}

    // The cuts of this word; with `without`, those that do not use this piece.
    void read(std::span<const int> word, int without = -1);
    // Adds to `expected` (by id) `count` times what each piece is expected to occur.
    void add_expected(double count, std::vector<double>& expected);
    // The ids of the likeliest cut, last first, and its log-probability; valid until the next call.
    // Empty if the word cannot be cut.
    struct Path {
        std::span<const int> ids;
        double score = 0;
    };
    Path best();

  private:
    struct Match {
        std::size_t begin = 0, end = 0;
        int id = 0;
        double score = 0;
    };

    const UnigramPieces* pieces_;
    std::size_t length_ = 0;
    std::vector<Match> matches_;           // by begin, then by end
    std::vector<double> before_, behind_;  // log of the summed probabilities up to, from a place
    std::vector<const Match*> best_;       // the last match of the best cut up to a place
    std::vector<int> path_;
};

}  // namespace symphony::tokens::miditok
