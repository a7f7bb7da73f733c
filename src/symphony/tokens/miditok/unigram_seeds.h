// The substrings with which unigram training begins: every symbol, and every substring of at least
// two symbols that occurs twice and is followed by different things (the inner nodes of the suffix
// tree of all distinct words). Source: as UnigramTrainer of Hugging Face tokenizers (0.23), which
// takes them from an enhanced suffix array (Abouelhoda et al., 2004).
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace symphony::tokens::miditok {

// A word, of codes above 0, and how often it occurs. Words are distinct.
using CountedWord = std::pair<std::vector<int>, std::int64_t>;

struct UnigramSeed {
    std::vector<int> codes;
    std::int64_t weight = 0;  // of a symbol: its occurrences; else occurrences in distinct words
                              // times length
};

// Symbols first, then the rest, each by falling weight; of equal weight the larger codes first.
// At most `most` in all, but every symbol; none of more than `longest` codes.
std::vector<UnigramSeed> unigram_seeds(const std::vector<CountedWord>& words, std::size_t longest,
                                       std::size_t most);

}  // namespace symphony::tokens::miditok
