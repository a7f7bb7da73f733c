#include "symphony/corpus/index_place.h"

#include "symphony/base/file.h"
#include "symphony/base/sha256.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

namespace symphony::corpus {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kNameDigits = 24;

// Empty if neither XDG_CACHE_HOME nor HOME says where.
fs::path cache_folder() {
    const auto value = [](const char* name) {
        const char* text = std::getenv(name);
        return fs::path(text ? text : "");
    };
    // The XDG rules: a relative path is to be ignored.
    fs::path cache = value("XDG_CACHE_HOME");
    if (!cache.is_absolute()) cache = value("HOME") / ".cache";
    return cache.is_absolute() ? cache / "symphony" / "index" : fs::path();
}

}  // namespace

void IndexOptions::describe(base::OptionTable& table) {
    table.group("Index");
    table
        .add("index", file,
             "keep what was read in this file, so that the next run reads only what changed; "
             "empty: in the user's cache")
        .value_name = "FILE";
    table.add("no-index", no_index, "read everything, keep nothing");
}

fs::path IndexOptions::place(const fs::path& root, base::Progress& progress) const {
    if (no_index) return {};
    if (!file.empty()) {
        const fs::path folder = fs::absolute(file).parent_path();
        base::make_folder(folder);
        return file;
    }
    std::error_code error;
    if (!fs::is_directory(root, error)) return {};
    const fs::path folder = cache_folder();
    if (!folder.empty()) fs::create_directories(folder, error);
    if (folder.empty() || ::access(folder.c_str(), W_OK | X_OK) != 0) {
        progress.note(fmt::format("what is read is not kept: no cache can be written{}",
                                  folder.empty() ? "" : " at " + folder.string()));
        return {};
    }
    const std::string hash = base::sha256_hex(fs::weakly_canonical(root).string());
    return folder / (hash.substr(0, kNameDigits) + ".sqlite");
}

void set_aside(const fs::path& index_file, base::Progress& progress) {
    const fs::path aside = index_file.string() + ".damaged";
    base::rename_durably(index_file, aside);
    // What belongs to the damaged file must not be taken for part of the new one.
    for (const char* ending : {"-wal", "-shm"}) {
        std::error_code ignored;
        fs::remove(index_file.string() + ending, ignored);
    }
    progress.note(
        fmt::format("the index {} is damaged: it was renamed to {}, and a new one is made",
                    index_file.string(), aside.filename().string()));
}

}  // namespace symphony::corpus
