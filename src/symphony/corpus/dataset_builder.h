// Writes pieces and their token ids, as they come, as the data set that dataset.h opens.
#pragma once

#include "symphony/base/replaced_folder.h"
#include "symphony/corpus/dataset.h"
#include "symphony/corpus/shard_writer.h"

#include <array>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace symphony::corpus {

// Ids go to disk at once, beside `folder`; what is held is the index.
class DatasetBuilder {
  public:
    // `tokenizer` becomes tokenizer.json. Throws Error (kInput) if the vocabulary does not fit 16
    // bits, or `folder` holds anything besides an older data set, or cannot be written.
    DatasetBuilder(const std::filesystem::path& folder, base::Json tokenizer, int vocabulary_size,
                   int end_token);

    // Adds a piece and returns its index; PieceInfo::sequences is filled by add_sequence.
    int add_piece(PieceInfo piece);
    // Adds a run of ids to the shard of the piece's split. Preconditions: every id is in the
    // vocabulary, the last one is the end token; a piece's first sequence is the untransposed one.
    void add_sequence(int piece, int transposition, std::span<const int> ids);
    void set_description(base::Json description) { description_ = std::move(description); }

    const std::vector<PieceInfo>& pieces() const { return pieces_; }
    std::uint64_t id_count(Split split) const { return shard(split).count(); }

    // Finishes the shards, writes the index and puts the folder in its place, so that a reader sees
    // the old data set or the new one. Throws Error (kInput) if that cannot be. Once; returns the
    // data set's hash.
    std::string write();

  private:
    const ShardWriter& shard(Split split) const {
        return *shards_[static_cast<std::size_t>(split)];
    }

    base::Json tokenizer_, description_ = base::Json::object();
    int vocabulary_size_, end_token_;
    std::unique_ptr<base::ReplacedFolder> target_;
    std::array<std::unique_ptr<ShardWriter>, kSplits> shards_;
    std::vector<PieceInfo> pieces_;
    std::vector<SequenceInfo> sequences_[kSplits];
};

}  // namespace symphony::corpus
