// Where the index of a folder of music lies, and what happens to one that is damaged.
#pragma once

#include "symphony/base/option_table.h"
#include "symphony/base/progress.h"
#include "symphony/corpus/sqlite.h"

#include <filesystem>
#include <string>

namespace symphony::corpus {

struct IndexOptions {
    std::string file;       // empty: in the user's cache
    bool no_index = false;  // nothing is kept

    void describe(base::OptionTable& table);
    // The file of the index of `root`: the one given, else
    // $XDG_CACHE_HOME/symphony/index/HASH.sqlite (~/.cache/...), by the root's true path; empty if
    // nothing is to be kept, `root` is a single file, or the cache cannot be written (said in a
    // note). Throws Error (kInput) if the folder of a given file cannot be made.
    std::filesystem::path place(const std::filesystem::path& root, base::Progress& progress) const;
};

// Renames the index to FILE.damaged and says so in a note.
void set_aside(const std::filesystem::path& index_file, base::Progress& progress);

// work(), and once more with a new index if the one there proves damaged.
template <class Work>
auto with_sound_index(const std::filesystem::path& index_file, base::Progress& progress,
                      Work&& work) {
    try {
        return work();
    } catch (const DamagedDatabase&) {
        if (index_file.empty()) throw;
        set_aside(index_file, progress);
        return work();
    }
}

}  // namespace symphony::corpus
