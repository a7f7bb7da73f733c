// Broken music files made sound on disk: what a reader mended or salvaged is written as a clean
// MIDI file. What the repair verb does.
#pragma once

#include "symphony/base/progress.h"
#include "symphony/io/score_file.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace symphony::io {

enum class RepairFate {
    kCopied,     // was clean: the same bytes
    kRewritten,  // written anew from what was read
    kRefused,    // nothing was written
};
std::string_view repair_fate_name(RepairFate fate);  // "copied", "rewritten", "refused"

struct FileRepair {
    std::filesystem::path from;
    std::filesystem::path to;  // empty if refused
    RepairFate fate = RepairFate::kRefused;
    std::optional<base::Error> refusal;  // why nothing was written
    Grade grade = Grade::kClean;         // of what was read
    std::size_t notes = 0;               // read
    std::size_t notes_written = 0;       // fewer where a pitch was struck twice at once
    // Rewritten event by event: nothing sound was lost. Else from the score, which holds no system
    // exclusives, aftertouch and the like.
    bool keeps_all = false;
    std::vector<Diagnostic> diagnostics;
};

// What a higher floor mends in a score that was read: it changes the score and says what it did, or
// does neither. From any thread.
using Mending = std::function<std::optional<Diagnostic>(score::Score&)>;

// Writes `from` to `to`, all or nothing. A clean file is copied. A broken one is written as MIDI
// that reads clean at every strictness: `to` must then have a MIDI ending. MIDI is mended event by
// event, so that what a score does not hold (system exclusives, aftertouch) stays; other files,
// those that `mend` changes (clean ones too; the diagnostics say what was done), and the few whose
// mended events are not the same music, are written from the score. A file that cannot be read, or
// holds no note, is refused. Throws Error (kUsage) if both are one file, (kInput) if `to` cannot be
// written.
FileRepair repair_file(const std::filesystem::path& from, const std::filesystem::path& to,
                       const ReadOptions& options, const Mending& mend = {});

struct FolderRepair {
    std::vector<FileRepair> files;  // by path
    std::size_t other_files = 0;    // without a music ending; left where they are
    std::vector<std::filesystem::path> unreadable_folders;

    std::size_t count(RepairFate fate) const;
};

// Every music file below `root`, to the same place below `out` (which may lie inside `root`); a
// broken file whose ending is not MIDI's, "a.musicxml", becomes "a.musicxml.mid". What cannot be
// written is refused, and the others go on. Throws Error (kUsage) if `out` is `root`, (kInput) if
// `root` does not exist, (kInterrupted) on a stop request: the files written by then are whole.
FolderRepair repair_folder(const std::filesystem::path& root, const std::filesystem::path& out,
                           const ReadOptions& options, int threads, base::Progress& progress,
                           const Mending& mend = {});

}  // namespace symphony::io
