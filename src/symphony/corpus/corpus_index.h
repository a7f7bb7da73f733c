// The index of a folder of music: a SQLite database with a row per file (path, size, times, hash,
// split) and a row per different content (findings, fingerprint, melodic lines, statistics), so
// that a file is read once and again only when it changed. Source: own; docs/corpus.md has the
// tables.
#pragma once

#include "symphony/corpus/dataset.h"
#include "symphony/corpus/read_music.h"
#include "symphony/corpus/sqlite.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace symphony::corpus {

// By what a file is taken to be unchanged, as git takes it: the inode and the time of change catch
// what kept its size and its time of modification.
struct FileStamp {
    std::int64_t size = 0, modified_ns = 0, changed_ns = 0, inode = 0;
    bool operator==(const FileStamp&) const = default;
};

// A file as the index keeps it.
struct IndexedFile {
    std::string path;  // under the root, with '/'
    FileStamp stamp;
    bool is_music = true;  // else it was looked at and left aside
    std::string sha256;    // of music that could be read
    Refusal refusal;       // of music that could not; else empty
};

// A file with what its content came to.
struct FileReading {
    std::string path;
    bool is_music = true;
    std::string sha256;        // empty if it could not be read
    std::int64_t content = 0;  // row of the content, 0 if it could not be read
    Reading reading;           // without fingerprint, lines and statistics
};

class CorpusIndex {
  public:
    // Opens the database or makes it; an empty path: one that is gone when closed. What another
    // version of the reader wrote is forgotten. Throws DamagedDatabase, or Error (kInput) if it
    // cannot be written.
    explicit CorpusIndex(const std::filesystem::path& file);

    // Calls `visit` with the known files in order of their paths. `is_done`: what became of the
    // file is known; else it is to be read again.
    void for_each_file(const std::function<void(const IndexedFile&, bool is_done)>& visit);
    // The hashes of all contents.
    std::set<std::string> known_contents();

    // What one run found out; written as one transaction.
    struct Batch {
        std::vector<IndexedFile> files;
        std::vector<std::pair<std::string, Reading>> contents;  // by hash
        std::size_t bytes = 0;                                  // about, in memory
    };
    void write(const Batch& batch);
    // Forgets these files, and contents that no file has any more.
    void remove(std::span<const std::string> paths);

    // Calls `visit` with every file in order of its path.
    void for_each_reading(const std::function<void(FileReading&&)>& visit);
    // Of one content. Throws DamagedDatabase.
    Fingerprint fingerprint(std::int64_t content);
    MelodyLines lines(std::int64_t content);
    PieceStatistics statistics(std::int64_t content);

    // Keeps which piece went into which split, in place of what was kept before.
    struct PieceSplit {
        std::string path, group;
        Split split = Split::kTrain;
    };
    void keep_splits(std::span<const PieceSplit> splits, const std::string& data_set_hash);
    // As kept last; empty if none were.
    std::vector<PieceSplit> splits();
    std::string split_data_set();  // hash of the data set that they are of, may be empty

    // What the views above read belongs together while this lives.
    std::unique_ptr<Transaction> snapshot() {
        return std::make_unique<Transaction>(database_, Transaction::Kind::kRead);
    }

  private:
    static std::string blob(Statement& find, std::int64_t content);
    void set_meta(std::string_view name, std::string_view value);
    std::string meta(std::string_view name);

    Database database_;
    std::optional<Statement> find_fingerprint_, find_lines_, find_statistics_;
};

}  // namespace symphony::corpus
