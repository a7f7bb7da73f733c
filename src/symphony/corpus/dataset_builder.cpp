#include "symphony/corpus/dataset_builder.h"

#include "symphony/base/error.h"
#include "symphony/base/sha256.h"
#include "symphony/corpus/dataset_format.h"
#include "symphony/corpus/npy.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cassert>

namespace symphony::corpus {
namespace fs = std::filesystem;
namespace {

// The place may be new, an empty folder or an older data set; anything else is somebody's work.
void check_target(const fs::path& folder) {
    std::error_code error;
    if (!fs::exists(folder, error)) return;
    if (!fs::is_directory(folder, error))
        throw base::Error(base::ErrorKind::kInput, "is a file, expected a folder to write to",
                          folder, "choose another place with -o");
    if (!fs::is_empty(folder, error) && !fs::exists(folder / kIndexFile, error))
        throw base::Error(base::ErrorKind::kInput,
                          "the folder holds other files and is no data set; nothing was written",
                          folder, "choose another place with -o");
}

// Removes a half-written folder when something throws.
struct Scaffold {
    fs::path path;
    ~Scaffold() {
        std::error_code ignored;
        if (!path.empty()) fs::remove_all(path, ignored);
    }
};

}  // namespace

DatasetBuilder::DatasetBuilder(base::Json tokenizer, int vocabulary_size, int end_token)
    : tokenizer_(std::move(tokenizer)), vocabulary_size_(vocabulary_size), end_token_(end_token) {
    if (vocabulary_size < 1 || vocabulary_size > 65536)
        throw base::Error(
            base::ErrorKind::kInput,
            fmt::format("vocabulary of {} tokens, expected 1 to 65536", vocabulary_size));
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
    sequences_[split].push_back({.begin = ids_[split].size(),
                                 .length = ids.size(),
                                 .piece = piece,
                                 .transposition = transposition});
    for (const int id : ids) {
        assert(id >= 0 && id < vocabulary_size_);
        ids_[split].push_back(static_cast<std::uint16_t>(id));
    }
}

std::uint64_t DatasetBuilder::id_count(Split split) const {
    return ids_[static_cast<std::size_t>(split)].size();
}

std::string DatasetBuilder::write(const fs::path& folder) const {
    const fs::path target = fs::absolute(folder).lexically_normal();
    const fs::path place = target.has_filename() ? target : target.parent_path();
    check_target(place);
    const std::string suffix = fmt::format(".tmp-{}", ::getpid());
    Scaffold scaffold{place.string() + suffix};
    std::error_code error;
    fs::create_directories(scaffold.path, error);
    if (error)
        throw base::Error(base::ErrorKind::kInput, "cannot make this folder: " + error.message(),
                          place, "check the permissions, or choose another folder with -o");

    DatasetIndex index;
    index.vocabulary_size = vocabulary_size_;
    index.end_token = end_token_;
    index.description = description_;
    index.pieces = pieces_;
    const std::string tokenizer_text = base::format_json(tokenizer_);
    index.tokenizer_sha256 = base::sha256_hex(tokenizer_text);
    base::write_file_atomically(scaffold.path / kTokenizerFile, tokenizer_text);
    for (int s = 0; s < kSplits; ++s) {
        const std::string shard = format_npy(ids_[s]);
        index.shard_ids[s] = ids_[s].size();
        index.shard_sha256[s] = base::sha256_hex(shard);
        index.sequences[s] = sequences_[s];
        base::write_file_atomically(scaffold.path / shard_file(static_cast<Split>(s)), shard);
    }
    index.hash = dataset_hash(index);
    base::write_file_atomically(scaffold.path / kIndexFile, format_index(index));

    // A folder cannot be renamed over a full one: the old data set steps aside first.
    Scaffold old;
    if (fs::exists(place, error)) {
        const fs::path aside = place.string() + ".old" + suffix;
        base::rename_durably(place, aside);
        old.path = aside;
    }
    base::rename_durably(scaffold.path, place);
    scaffold.path.clear();
    return index.hash;
}

}  // namespace symphony::corpus
