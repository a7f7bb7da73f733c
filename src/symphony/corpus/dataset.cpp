#include "symphony/corpus/dataset.h"

#include "symphony/base/error.h"
#include "symphony/base/sha256.h"
#include "symphony/corpus/dataset_format.h"
#include "symphony/corpus/npy.h"

#include <fmt/format.h>

#include <array>

namespace symphony::corpus {
namespace {

constexpr std::array<std::string_view, kSplits> kSplitNames{"train", "valid", "test"};
constexpr const char* kAgain = "prepare the data set again (symphony prepare DIR -o DATA)";

std::string_view text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

[[noreturn]] void damaged(const std::filesystem::path& path, const std::string& what) {
    throw base::Error(base::ErrorKind::kInput, "damaged data set: " + what, path, kAgain);
}

// Sequences lie end to end and cover the shard; every id is in the vocabulary; each run ends with
// the end token.
void check_shard(const DatasetIndex& index, int split, std::span<const std::uint16_t> ids,
                 const std::filesystem::path& path) {
    if (ids.size() != index.shard_ids[split])
        damaged(path, fmt::format("got {} ids, expected {}", ids.size(), index.shard_ids[split]));
    std::uint64_t expected_begin = 0;
    for (const SequenceInfo& q : index.sequences[split]) {
        if (q.begin != expected_begin || q.length == 0 || q.length > ids.size() - q.begin)
            damaged(path, fmt::format("sequence at {} of length {}, expected to start at {} and "
                                      "end by {}",
                                      q.begin, q.length, expected_begin, ids.size()));
        expected_begin = q.begin + q.length;
        if (ids[expected_begin - 1] != index.end_token)
            damaged(path,
                    fmt::format("sequence ending at {} without the end token", expected_begin));
    }
    if (expected_begin != ids.size())
        damaged(path, fmt::format("{} ids belong to no piece", ids.size() - expected_begin));
    for (std::size_t i = 0; i < ids.size(); ++i)
        if (ids[i] >= index.vocabulary_size)
            damaged(path, fmt::format("id {} at {}, expected less than {}", ids[i], i,
                                      index.vocabulary_size));
}

}  // namespace

std::string_view split_name(Split split) { return kSplitNames[static_cast<std::size_t>(split)]; }

Split split_from_name(std::string_view name) {
    for (int s = 0; s < kSplits; ++s)
        if (kSplitNames[static_cast<std::size_t>(s)] == name) return static_cast<Split>(s);
    throw base::Error(base::ErrorKind::kUsage,
                      fmt::format("unknown split '{}', expected train, valid or test", name));
}

Dataset Dataset::open(const std::filesystem::path& folder) {
    const std::filesystem::path index_path = folder / kIndexFile;
    std::error_code ignored;
    if (!std::filesystem::exists(index_path, ignored))
        throw base::Error(base::ErrorKind::kInput,
                          fmt::format("not a prepared data set: no {} inside", kIndexFile), folder,
                          "make one with: symphony prepare DIR -o DATA");
    DatasetIndex index = parse_index(base::read_json_file(index_path).value(), index_path.string());
    if (index.vocabulary_size < 1 || index.vocabulary_size > kMostTokens || index.end_token < 0 ||
        index.end_token >= index.vocabulary_size)
        damaged(index_path, fmt::format("vocabulary of {} with end token {}", index.vocabulary_size,
                                        index.end_token));
    if (dataset_hash(index) != index.hash) damaged(index_path, "its hash does not fit its index");

    Dataset dataset;
    const std::filesystem::path tokenizer_path = folder / kTokenizerFile;
    const std::string tokenizer_text = base::read_file(tokenizer_path).value();
    if (base::sha256_hex(tokenizer_text) != index.tokenizer_sha256)
        damaged(tokenizer_path, "the tokenizer is not the one the pieces were written with");
    dataset.tokenizer_json_ = base::parse_json(tokenizer_text, tokenizer_path.string()).value();
    for (int s = 0; s < kSplits; ++s) {
        const std::filesystem::path path = folder / shard_file(static_cast<Split>(s));
        base::MappedFile& shard = dataset.shards_.emplace_back(path);
        check_shard(index, s, parse_npy(shard.bytes(), path.string()).value(), path);
        if (base::sha256_hex(text_of(shard.bytes())) != index.shard_sha256[s])
            damaged(path, "the ids are not those that were written");
        dataset.sequences_[s] = std::move(index.sequences[s]);
    }
    for (const PieceInfo& piece : index.pieces)
        if (piece.sequences.empty()) damaged(index_path, "piece " + piece.id + " has no tokens");
    dataset.folder_ = folder;
    dataset.description_ = std::move(index.description);
    dataset.hash_ = std::move(index.hash);
    dataset.vocabulary_size_ = index.vocabulary_size;
    dataset.end_token_ = index.end_token;
    dataset.pieces_ = std::move(index.pieces);
    return dataset;
}

std::optional<double> Dataset::default_tempo_bpm() const {
    const auto tempo = description_.find("default_tempo");
    if (tempo == description_.end() || !tempo->is_number()) return std::nullopt;
    return tempo->get<double>();
}

std::vector<int> Dataset::pieces_of(Split split) const {
    std::vector<int> indices;
    for (std::size_t i = 0; i < pieces_.size(); ++i)
        if (pieces_[i].split == split) indices.push_back(static_cast<int>(i));
    return indices;
}

const std::vector<SequenceInfo>& Dataset::sequences(Split split) const {
    return sequences_[static_cast<std::size_t>(split)];
}

std::span<const std::uint16_t> Dataset::ids(Split split, const SequenceInfo& sequence) const {
    const base::MappedFile& shard = shards_[static_cast<std::size_t>(split)];
    return parse_npy(shard.bytes(), folder_.string())
        .value()
        .subspan(sequence.begin, sequence.length);
}

}  // namespace symphony::corpus
