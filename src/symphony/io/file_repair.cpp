#include "symphony/io/file_repair.h"

#include "symphony/base/file.h"
#include "symphony/base/parallel.h"
#include "symphony/base/stop_signal.h"
#include "symphony/base/text.h"
#include "symphony/base/two_places.h"
#include "symphony/io/midi_reader.h"
#include "symphony/io/midi_writer.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <string>
#include <utility>

namespace symphony::io {
namespace {

namespace fs = std::filesystem;

bool has_midi_ending(const fs::path& path) {
    constexpr std::array<std::string_view, 4> kEndings{".mid", ".midi", ".kar", ".smf"};
    const std::string ending = base::to_lower(path.extension().string());
    return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

bool lies_below(const fs::path& path, const fs::path& folder) {
    const fs::path relative = fs::absolute(path).lexically_normal().lexically_relative(
        fs::absolute(folder).lexically_normal());
    return !relative.empty() && *relative.begin() != "..";
}

std::optional<ScoreFile> read_clean(const std::string& bytes, const fs::path& path) {
    ReadOptions strict;
    strict.strictness = Strictness::kStrict;
    base::Result<ScoreFile> read = parse_midi(bytes, path.string(), strict);
    if (!read.ok() || read.value().grade != Grade::kClean) return std::nullopt;
    return std::move(read).value();
}

// What a damaged MIDI file holds, event by event, if that is a clean file of the same music.
std::optional<std::string> mended_bytes(const std::string& bytes, const ScoreFile& file,
                                        const fs::path& path, const ReadOptions& options) {
    base::Result<MendedMidi> mended = mend_midi(bytes, path.string(), options);
    if (!mended.ok()) return std::nullopt;
    const std::optional<ScoreFile> again = read_clean(mended.value().bytes, path);
    if (!again || again->score != file.score) return std::nullopt;
    return std::move(mended).value().bytes;
}

base::Error not_writable(base::Error why, const fs::path& path) {
    why.message = "FIL005 not-writable: " + why.message;
    why.path = path.string();
    return why;
}

// The bytes of a clean MIDI file of a score, and how many notes it holds.
base::Result<std::pair<std::string, std::size_t>> clean_bytes(const score::Score& score,
                                                              const fs::path& path) {
    base::Result<std::string> bytes = format_midi(score);
    if (!bytes.ok()) return not_writable(bytes.error(), path);
    const std::optional<ScoreFile> again = read_clean(bytes.value(), path);
    if (!again)
        return not_writable({base::ErrorKind::kInternal, "what was written does not read clean"},
                            path);
    return std::pair{std::move(bytes).value(), again->score.note_count()};
}

// `to` is where the file goes if it is clean, `rewritten` if it has to be written anew.
FileRepair repair_to(const fs::path& from, const fs::path& to, const fs::path& rewritten,
                     const ReadOptions& options, const Mending& mend) {
    FileRepair repair;
    repair.from = from;
    const auto refuse = [&](base::Error error) {
        repair.refusal = std::move(error);
        return repair;
    };
    base::Result<std::string> bytes = read_music_bytes(from, options);
    if (!bytes.ok()) return refuse(bytes.error());
    base::Result<ScoreFile> read = parse_score(bytes.value(), from.string(), options);
    if (!read.ok()) return refuse(read.error());
    ScoreFile file = std::move(read).value();
    repair.grade = file.grade;
    repair.notes = repair.notes_written = file.score.note_count();
    repair.diagnostics = std::move(file.diagnostics);
    if (repair.notes == 0)
        return refuse(
            base::Error(base::ErrorKind::kInput, "FIL004 no-notes: the file holds no notes", from));
    bool is_as_it_was = file.grade == Grade::kClean;
    if (mend)
        if (auto mended = mend(file.score)) {
            repair.diagnostics.push_back(std::move(*mended));
            is_as_it_was = false;
        }
    repair.to = is_as_it_was ? to : rewritten;
    if (is_as_it_was) {
        base::write_file_atomically(repair.to, bytes.value());
        repair.fate = RepairFate::kCopied;
        repair.keeps_all = true;
        return repair;
    }
    if (!has_midi_ending(repair.to))
        throw base::Error(base::ErrorKind::kUsage, "a repaired file is written as MIDI", to,
                          "let the output end with .mid");
    repair.fate = RepairFate::kRewritten;
    if (const auto mended = mended_bytes(bytes.value(), file, from, options)) {
        base::write_file_atomically(repair.to, *mended);
        repair.keeps_all = true;
        return repair;
    }
    const auto clean = clean_bytes(file.score, from);
    if (!clean.ok()) {
        repair.to.clear();
        repair.fate = RepairFate::kRefused;
        return refuse(clean.error());
    }
    base::write_file_atomically(repair.to, clean.value().first);
    repair.notes_written = clean.value().second;
    return repair;
}

}  // namespace

std::string_view repair_fate_name(RepairFate fate) {
    constexpr std::array<std::string_view, 3> kNames{"copied", "rewritten", "refused"};
    return kNames[static_cast<std::size_t>(fate)];
}

FileRepair repair_file(const fs::path& from, const fs::path& to, const ReadOptions& options,
                       const Mending& mend) {
    base::require_two_places(from, to);
    return repair_to(from, to, to, options, mend);
}

std::size_t FolderRepair::count(RepairFate fate) const {
    return static_cast<std::size_t>(std::count_if(
        files.begin(), files.end(), [&](const FileRepair& file) { return file.fate == fate; }));
}

FolderRepair repair_folder(const fs::path& root, const fs::path& out, const ReadOptions& options,
                           int threads, base::Progress& progress, const Mending& mend) {
    base::require_two_places(root, out);
    FolderRepair folder;
    for (const fs::path& path : base::list_files(root, &folder.unreadable_folders)) {
        if (lies_below(path, out)) continue;
        if (has_music_ending(path))
            folder.files.push_back({.from = path});
        else
            ++folder.other_files;
    }
    progress.begin("repair", static_cast<std::int64_t>(folder.files.size()));
    std::atomic<std::int64_t> done{0};
    base::parallel_for(folder.files.size(), threads, [&](std::size_t i) {
        base::throw_if_stop_requested();
        FileRepair& file = folder.files[i];
        const fs::path to = out / file.from.lexically_relative(root);
        fs::path rewritten = to;
        if (!has_midi_ending(to)) rewritten += ".mid";
        const fs::path from = file.from;
        try {
            file = repair_to(from, to, rewritten, options, mend);
        } catch (const base::Error& error) {
            if (error.kind == base::ErrorKind::kInterrupted) throw;
            file.refusal = not_writable(error, from);
        }
        progress.update(++done);
    });
    progress.end();
    return folder;
}

}  // namespace symphony::io
