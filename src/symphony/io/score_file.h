// Any music file of the user's -> Score with diagnostics. What the bytes are decides, not the
// file's ending; where they say nothing, the ending decides what is missed.
#pragma once

#include "symphony/base/result.h"
#include "symphony/score/score.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace symphony::io {

enum class Strictness { kStrict, kRepair, kSalvage };

// How well the file was formed.
enum class Grade { kClean, kRepaired, kSalvaged };
std::string_view grade_name(Grade grade);

// One repair or remark, coded so that it can be counted: "MID013 vlq-overlong @0x1a2f track 3".
struct Diagnostic {
    std::string code;  // "MID013"
    std::string name;  // "vlq-overlong"
    std::uint64_t offset = 0;
    int track = -1;      // -1: the file as a whole
    std::string detail;  // may be empty

    std::string format() const;
};

struct ReadOptions {
    Strictness strictness = Strictness::kRepair;
    std::uint64_t max_file_bytes = std::uint64_t{64} << 20;
    std::uint64_t max_notes = 2'000'000;
    std::uint64_t max_diagnostics = 1000;  // more are counted in the last one's detail
    bool expand_repeats =
        false;  // MusicXML: as written (for learning) or as performed (for listening)
};

struct ScoreFile {
    score::Score score;
    Grade grade = Grade::kClean;
    std::vector<Diagnostic> diagnostics;
};

// Refusals are Errors of kind kInput whose message begins with a code ("MID001 not-midi: ...").
base::Result<ScoreFile> read_score_file(const std::filesystem::path& path,
                                        const ReadOptions& options = {});

// "MID001" of a refusal.
std::string refusal_code(const base::Error& refusal);

// The bytes of a file of at most options.max_file_bytes. Error (kInput, "FIL002 unreadable: ...").
base::Result<std::string> read_music_bytes(const std::filesystem::path& path,
                                           const ReadOptions& options);

// The same as read_score_file for bytes in memory; `name` is for messages.
base::Result<ScoreFile> parse_score(std::string_view bytes, const std::string& name,
                                    const ReadOptions& options = {});

// File endings that can hold music: ".mid", ".midi", ".kar", ".rmi", ".smf", ".musicxml", ".xml",
// ".mxl", ".abc".
bool has_music_ending(const std::filesystem::path& path);

}  // namespace symphony::io
