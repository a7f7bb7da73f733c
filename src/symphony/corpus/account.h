// What became of every file that was found: nothing is lost without being counted.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace symphony::corpus {

enum class FileFate : std::uint8_t {
    kUsed,            // read without repair
    kRepaired,        // read, with coded repairs
    kRefused,         // cannot be used; FileRecord::code and reason say why
    kDuplicateExact,  // the bytes of another file
    kDuplicateMusic,  // the notes of another file, transposed or spread over other parts
    kFiltered,        // could be used, but a filter asked for leaves it out, and copies of it
};
inline constexpr int kFileFates = 6;
// "used", "repaired", "refused", "duplicate", "same music", "filtered"
const char* file_fate_name(FileFate fate);

// One music file.
struct FileRecord {
    std::string id;  // path under the corpus root, with '/'
    FileFate fate = FileFate::kUsed;
    std::string code;                  // of a refusal ("MID001") or a filter, else empty
    std::string reason;                // of the same, in words
    std::string duplicate_of;          // id of the file that is used instead
    std::vector<std::string> repairs;  // "MID013 vlq-overlong", each once
};

// How often something was found: "MID013 vlq-overlong, 12,345 times in 640 files".
struct CodeCount {
    std::string code, name;
    std::int64_t times = 0, files = 0;
    bool refuses = false;  // these files are refused for it; else it was repaired or remarked
    bool operator==(const CodeCount&) const = default;
};

// found = used + repaired + refused + filtered + duplicates_exact + duplicates_music, one
// FileRecord each. Files that are not music by ending nor by their first bytes (a README, a
// licence) are not among them: they are counted apart.
struct Account {
    std::int64_t found = 0, used = 0, repaired = 0, refused = 0;
    std::int64_t duplicates_exact = 0, duplicates_music = 0;
    std::int64_t filtered = 0;
    std::int64_t not_music = 0;
    std::vector<FileRecord> files;                // sorted by id
    std::vector<CodeCount> codes;                 // sorted by code and name; copies do not count
    std::vector<std::string> unreadable_folders;  // what lies in them is unknown

    // Adds a file to the list and to its sum.
    void add(FileRecord file);
    // Moves files of the list, and those that are duplicates of them, to the filtered ones: id ->
    // code and reason.
    void leave_out(const std::map<std::string, std::pair<std::string, std::string>>& reasons);
    // Counts a code that was found `times` in a file.
    void count_code(const std::string& code, const std::string& name, std::int64_t times,
                    bool refuses);

    std::int64_t kept() const { return used + repaired; }
    // "742 found = 700 used + 30 repaired + 2 refused + 6 duplicates + 4 with the same music (8
    // other files left aside)"
    std::string sentence() const;
};

}  // namespace symphony::corpus
