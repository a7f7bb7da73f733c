// Learns a unigram model: many pieces to begin with, their probabilities by expectation
// maximisation, and those pruned without which the words become least unlikely. Gives what
// UnigramTrainer of Hugging Face tokenizers (0.23) gives from the same words; what that leaves to
// chance (the order of words, and so of unused symbols) is settled by the order of codes. Sources:
// Kudo, "Subword Regularization", 2018; trainer.rs of Hugging Face tokenizers.
#pragma once

#include "symphony/tokens/miditok/unigram_seeds.h"

#include <cstdint>
#include <vector>

namespace symphony::tokens::miditok {

struct ScoredPiece {
    std::vector<int> codes;
    double score = 0;  // log-probability
};

struct UnigramOptions {
    std::size_t vocabulary_size = 1000;  // pieces and special tokens, at most
    std::size_t specials = 0;            // special tokens, which are no pieces
    std::vector<int> alphabet;           // symbols that are pieces even if no word has them
    std::size_t longest = 16;            // codes of a piece
    std::size_t seeds = 1'000'000;       // pieces to begin with, at most
};

// By falling score; every symbol is among them.
// Precondition: the vocabulary is larger than special tokens and symbols together.
std::vector<ScoredPiece> learn_unigram(const std::vector<CountedWord>& words,
                                       const UnigramOptions& options);

}  // namespace symphony::tokens::miditok
