// How well music files are formed: one file, or every music file of a folder in parallel. What the
// check verb shows.
#pragma once

#include "symphony/base/progress.h"
#include "symphony/io/score_file.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace symphony::io {

struct FileCheck {
    std::filesystem::path path;
    std::optional<base::Error> refusal;  // why the file was not read
    Grade grade = Grade::kClean;         // the rest is for a file that was read
    std::size_t notes = 0;
    std::size_t parts = 0;
    std::size_t bars = 0;
    double seconds = 0;  // of music
    std::vector<Diagnostic> diagnostics;
    std::uint64_t bytes = 0;
    double milliseconds = 0;  // to read it

    // Read, and with at least one note.
    bool usable() const { return !refusal && notes > 0; }
    // "clean", "repaired", "salvaged" or "refused".
    std::string grade_name() const;
};

// What a higher floor finds in a score that was read; from any thread.
using Inspection = std::function<std::vector<Diagnostic>(const score::Score&)>;

// What `inspect` finds comes after the reader's own diagnostics and does not change the grade.
FileCheck check_file(const std::filesystem::path& path, const ReadOptions& options,
                     const Inspection& inspect = {});

struct FolderCheck {
    std::vector<FileCheck> files;  // by path
    std::size_t other_files = 0;   // without a music ending; not looked into
    std::vector<std::filesystem::path> unreadable_folders;

    std::map<std::string, std::size_t> count_grades() const;       // every file counts once
    std::map<std::string, std::size_t> count_diagnostics() const;  // files by "MID013 vlq-overlong"
    std::size_t usable() const;
    std::size_t notes() const;
};

// Throws Error (kInput) if `root` does not exist, (kInterrupted) on a stop request.
FolderCheck check_folder(const std::filesystem::path& root, const ReadOptions& options, int threads,
                         base::Progress& progress, const Inspection& inspect = {});

}  // namespace symphony::io
