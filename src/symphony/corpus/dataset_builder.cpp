#include "symphony/corpus/dataset_builder.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/sha256.h"
#include "symphony/corpus/dataset_format.h"

#include <fmt/format.h>

#include <cassert>

namespace symphony::corpus {
namespace fs = std::filesystem;
namespace {

base::OwnFiles own_files() {
    base::OwnFiles own{std::string(kIndexFile),
                       {std::string(kIndexFile), std::string(kTokenizerFile)}};
    for (int s = 0; s < kSplits; ++s) own.files.insert(shard_file(static_cast<Split>(s)));
    return own;
}

}  // namespace

DatasetBuilder::DatasetBuilder(const fs::path& folder, base::Json tokenizer, int vocabulary_size,
                               int end_token)
    : tokenizer_(std::move(tokenizer)), vocabulary_size_(vocabulary_size), end_token_(end_token) {
    if (vocabulary_size < 1 || vocabulary_size > kMostTokens)
        throw base::Error(
            base::ErrorKind::kInput,
            fmt::format("vocabulary of {} tokens, expected 1 to {}", vocabulary_size, kMostTokens));
    target_ = std::make_unique<base::ReplacedFolder>(folder, own_files());
    for (int s = 0; s < kSplits; ++s)
        shards_[static_cast<std::size_t>(s)] =
            std::make_unique<ShardWriter>(target_->fresh() / shard_file(static_cast<Split>(s)));
}

int DatasetBuilder::add_piece(PieceInfo piece) {
    piece.sequences.clear();
    pieces_.push_back(std::move(piece));
    return static_cast<int>(pieces_.size()) - 1;
}

void DatasetBuilder::add_sequence(int piece, int transposition, std::span<const int> ids) {
    assert(!ids.empty() && ids.back() == end_token_);
    PieceInfo& info = pieces_.at(static_cast<std::size_t>(piece));
    assert(!info.sequences.empty() || transposition == 0);
    const auto split = static_cast<std::size_t>(info.split);
    info.sequences.push_back(static_cast<int>(sequences_[split].size()));
    sequences_[split].push_back({.begin = id_count(info.split),
                                 .length = ids.size(),
                                 .piece = piece,
                                 .transposition = transposition});
    std::vector<std::uint16_t> narrow;
    for (const int id : ids) {
        assert(id >= 0 && id < vocabulary_size_);
        narrow.push_back(static_cast<std::uint16_t>(id));
    }
    shards_[split]->add(narrow);
}

std::string DatasetBuilder::write() {
    DatasetIndex index;
    index.vocabulary_size = vocabulary_size_;
    index.end_token = end_token_;
    index.description = std::move(description_);
    index.pieces = std::move(pieces_);
    const std::string tokenizer_text = base::format_json(tokenizer_);
    index.tokenizer_sha256 = base::sha256_hex(tokenizer_text);
    base::write_file_atomically(target_->fresh() / kTokenizerFile, tokenizer_text);
    for (std::size_t s = 0; s < kSplits; ++s) {
        index.shard_ids[s] = shards_[s]->count();
        index.shard_sha256[s] = shards_[s]->finish();
        index.sequences[s] = std::move(sequences_[s]);
    }
    index.hash = dataset_hash(index);
    base::write_file_atomically(target_->fresh() / kIndexFile, format_index(index));

    target_->put_in_place();
    return index.hash;
}

}  // namespace symphony::corpus
