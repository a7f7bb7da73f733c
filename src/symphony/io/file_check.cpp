#include "symphony/io/file_check.h"

#include "symphony/base/file.h"
#include "symphony/base/parallel.h"
#include "symphony/score/time_map.h"

#include <algorithm>
#include <chrono>
#include <set>

namespace symphony::io {

std::string FileCheck::grade_name() const {
    return refusal ? "refused" : std::string(io::grade_name(grade));
}

FileCheck check_file(const std::filesystem::path& path, const ReadOptions& options,
                     const Inspection& inspect) {
    FileCheck check;
    check.path = path;
    std::error_code ignored;
    const auto size = std::filesystem::file_size(path, ignored);
    if (!ignored) check.bytes = size;
    const auto start = std::chrono::steady_clock::now();
    base::Result<ScoreFile> read = read_score_file(path, options);
    const std::chrono::duration<double, std::milli> taken =
        std::chrono::steady_clock::now() - start;
    check.milliseconds = taken.count();
    if (!read) {
        check.refusal = read.error();
        return check;
    }
    ScoreFile& file = read.value();
    check.grade = file.grade;
    check.notes = file.score.note_count();
    check.parts = file.score.parts.size();
    check.bars = score::bars_of(file.score).size();
    check.seconds = score::duration_of(file.score).value;
    check.diagnostics = std::move(file.diagnostics);
    if (inspect && check.usable())
        for (Diagnostic& found : inspect(file.score)) check.diagnostics.push_back(std::move(found));
    return check;
}

std::map<std::string, std::size_t> FolderCheck::count_grades() const {
    std::map<std::string, std::size_t> counts;
    for (const FileCheck& file : files) ++counts[file.grade_name()];
    return counts;
}

std::map<std::string, std::size_t> FolderCheck::count_diagnostics() const {
    std::map<std::string, std::size_t> counts;
    for (const FileCheck& file : files) {
        std::set<std::string> codes;
        for (const Diagnostic& diagnostic : file.diagnostics)
            codes.insert(diagnostic.code + " " + diagnostic.name);
        if (file.refusal)
            codes.insert(file.refusal->message.substr(0, file.refusal->message.find(':')));
        for (const std::string& code : codes) ++counts[code];
    }
    return counts;
}

std::size_t FolderCheck::usable() const {
    return static_cast<std::size_t>(std::count_if(
        files.begin(), files.end(), [](const FileCheck& file) { return file.usable(); }));
}

std::size_t FolderCheck::notes() const {
    std::size_t notes = 0;
    for (const FileCheck& file : files) notes += file.notes;
    return notes;
}

FolderCheck check_folder(const std::filesystem::path& root, const ReadOptions& options, int threads,
                         base::Progress& progress, const Inspection& inspect) {
    FolderCheck folder;
    for (const std::filesystem::path& path : base::list_files(root, &folder.unreadable_folders)) {
        if (has_music_ending(path))
            folder.files.push_back({.path = path});
        else
            ++folder.other_files;
    }
    base::parallel_stage(progress, "check", folder.files.size(), threads, [&](std::size_t i) {
        folder.files[i] = check_file(folder.files[i].path, options, inspect);
    });
    return folder;
}

}  // namespace symphony::io
