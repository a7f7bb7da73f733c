// Brings the index of a folder up to date: finds its files, reads those that changed, forgets those
// that are gone.
#pragma once

#include "symphony/base/progress.h"
#include "symphony/corpus/corpus_index.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace symphony::corpus {

struct Ingested {
    std::int64_t music = 0;      // files found that are music by ending or by their first bytes
    std::int64_t others = 0;     // files left aside
    std::int64_t read = 0;       // of all of them: read now
    std::int64_t unchanged = 0;  // known from before
    std::int64_t forgotten = 0;  // gone since
    std::vector<std::string> unreadable_folders;
};

// `root` is a folder or a file. What was read is kept every few hundred files, also where this ends
// early: throws Error (kInput) if `root` does not exist or the index cannot be written,
// (kInterrupted) on a stop request. Memory grows by the length of each file's name alone.
Ingested bring_up_to_date(CorpusIndex& index, const std::filesystem::path& root, int threads,
                          base::Progress& progress);

}  // namespace symphony::corpus
