// A prepared data set on disk: token ids in memory-mapped shards, and an index that says which
// piece, split and transposition each run of ids is. Folder: dataset.json (index), tokenizer.json,
// tokens-{train,valid,test}.npy (uint16, NumPy format 1.0).
#pragma once

#include "symphony/base/file.h"
#include "symphony/base/json.h"
#include "symphony/score/score.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace symphony::corpus {

enum class Split : std::uint8_t { kTrain, kValid, kTest };
inline constexpr int kSplits = 3;
inline constexpr int kMostTokens = 65536;      // of a vocabulary: ids are stored as uint16
std::string_view split_name(Split split);      // "train", "valid", "test"
Split split_from_name(std::string_view name);  // throws Error (kUsage)

// One run of ids inside a split's shard.
struct SequenceInfo {
    std::uint64_t begin = 0;  // index of the first id in the shard
    std::uint64_t length = 0;
    int piece = 0;          // index into Dataset::pieces()
    int transposition = 0;  // semitones; 0 in valid and test
};

struct PieceInfo {
    std::string id;    // stable, readable: the path under the corpus root
    std::string path;  // of the source file
    std::string
        group;  // pieces of one group (work, duplicate, shared tune) are never in two splits
    Split split = Split::kTrain;
    std::int64_t notes = 0;  // of the source, dropped ones included
    score::Key key;          // given or estimated
    bool key_given = false;
    std::map<std::string, std::int64_t> losses;
    std::vector<int> sequences;  // indices into sequences(split); [0] is the untransposed one
};

class Dataset {
  public:
    // Throws Error (kInput) if the folder is no data set or was damaged (sizes and ids are
    // checked).
    static Dataset open(const std::filesystem::path& folder);

    const std::filesystem::path& folder() const { return folder_; }
    const base::Json& tokenizer_json() const { return tokenizer_json_; }
    int vocabulary_size() const { return vocabulary_size_; }
    // Every sequence ends with this token, and models read it before a sequence's first token.
    int end_token() const { return end_token_; }
    const std::string& hash() const { return hash_; }  // SHA-256 over tokenizer, split and ids
    const base::Json& description() const {
        return description_;
    }  // how it was made: corpus, options, account, warnings
    // Quarters a minute at which music of this corpus that states no tempo is played, if known.
    std::optional<double> default_tempo_bpm() const;

    const std::vector<PieceInfo>& pieces() const { return pieces_; }
    // Indices into pieces().
    std::vector<int> pieces_of(Split split) const;
    const std::vector<SequenceInfo>& sequences(Split split) const;
    std::span<const std::uint16_t> ids(Split split, const SequenceInfo& sequence) const;

  private:
    std::filesystem::path folder_;
    base::Json tokenizer_json_, description_;
    std::string hash_;
    int vocabulary_size_ = 0, end_token_ = 0;
    std::vector<PieceInfo> pieces_;
    std::vector<SequenceInfo> sequences_[kSplits];
    std::vector<base::MappedFile> shards_;
};

}  // namespace symphony::corpus
