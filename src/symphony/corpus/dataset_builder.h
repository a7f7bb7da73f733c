// Collects pieces and their token ids, and writes them as the data set that dataset.h opens.
#pragma once

#include "symphony/corpus/dataset.h"

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace symphony::corpus {

class DatasetBuilder {
  public:
    // `tokenizer` becomes tokenizer.json. Throws Error (kInput) if the vocabulary does not fit 16
    // bits.
    DatasetBuilder(base::Json tokenizer, int vocabulary_size, int end_token);

    // Adds a piece and returns its index; PieceInfo::sequences is filled by add_sequence.
    int add_piece(PieceInfo piece);
    // Adds a run of ids to the shard of the piece's split. Preconditions: every id is in the
    // vocabulary, the last one is the end token; a piece's first sequence is the untransposed one.
    void add_sequence(int piece, int transposition, std::span<const int> ids);
    void set_description(base::Json description) { description_ = std::move(description); }

    const std::vector<PieceInfo>& pieces() const { return pieces_; }
    std::uint64_t id_count(Split split) const;

    // Writes the folder beside `folder` and renames it there, so that a reader sees the old data
    // set or the new one. Throws Error (kInput) if `folder` holds anything besides an older data
    // set, or cannot be written. Returns the data set's hash.
    std::string write(const std::filesystem::path& folder) const;

  private:
    base::Json tokenizer_, description_ = base::Json::object();
    int vocabulary_size_, end_token_;
    std::vector<PieceInfo> pieces_;
    std::vector<SequenceInfo> sequences_[kSplits];
    std::vector<std::uint16_t> ids_[kSplits];
};

}  // namespace symphony::corpus
