// What is asked of sub-words.
#pragma once

namespace symphony::tokens {

enum class SubwordModel { kBytePairs, kUnigram };

// As options call them.
inline constexpr const char* kBytePairsName = "bpe";
inline constexpr const char* kUnigramName = "unigram";

struct SubwordOptions {
    int vocabulary_size = 0;  // with sub-words, at most
    SubwordModel model = SubwordModel::kBytePairs;
};

}  // namespace symphony::tokens
