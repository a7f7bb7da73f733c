// The index of a data set (dataset.json) as text: shared by DatasetBuilder and Dataset.
#pragma once

#include "symphony/corpus/dataset.h"

#include <string>
#include <string_view>
#include <vector>

namespace symphony::corpus {

inline constexpr int kDatasetFormat = 1;
inline constexpr std::string_view kIndexFile = "dataset.json";
inline constexpr std::string_view kTokenizerFile = "tokenizer.json";
std::string shard_file(Split split);  // "tokens-train.npy"

struct DatasetIndex {
    std::string hash, tokenizer_sha256;
    std::string shard_sha256[kSplits];
    std::uint64_t shard_ids[kSplits] = {};
    int vocabulary_size = 0, end_token = 0;
    base::Json description = base::Json::object();
    std::vector<PieceInfo> pieces;
    std::vector<SequenceInfo> sequences[kSplits];
};

// One line per piece and per sequence. Sequences are written as [begin, length, piece,
// transposition].
std::string format_index(const DatasetIndex& index);
// Throws Error (kInput) naming `path` if a field is missing or of the wrong type. Fills
// PieceInfo::sequences.
DatasetIndex parse_index(const base::Json& json, const std::string& path);

// SHA-256 over what a model sees: tokenizer, ids, and which piece and split they belong to.
std::string dataset_hash(const DatasetIndex& index);

}  // namespace symphony::corpus
