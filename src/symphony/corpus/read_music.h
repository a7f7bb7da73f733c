// One music file as the corpus reads it: what its bytes hold, or why they cannot be used.
#pragma once

#include "symphony/corpus/fingerprint.h"
#include "symphony/corpus/melody_lines.h"
#include "symphony/corpus/statistics.h"
#include "symphony/io/score_file.h"
#include "symphony/score/score.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace symphony::corpus {

// What the corpus itself refuses; the readers have codes of their own.
inline constexpr const char* kUnreadable = "COR001";
inline constexpr const char* kReaderFailed = "COR002";
inline constexpr const char* kNoNotes = "COR003";

// Code and words of a refusal; of one that has no code (the system's own), COR001.
struct Refusal {
    std::string code;
    std::string reason;
};
Refusal refusal_of(const base::Error& error);

// A finding of the reader and how often it was made in one file.
struct Finding {
    std::string code, name;  // "MID013", "vlq-overlong"
    std::int64_t times = 0;
};

// What the bytes of a file come to. It depends on them alone, not on the file's name.
struct Reading {
    std::string refused_code, refused_reason;  // both empty: it can be used
    io::Grade grade = io::Grade::kClean;
    std::vector<Finding> findings;  // sorted by code

    // Of music that can be used:
    std::string title, composer;
    score::Key key;  // the first one given, else estimated
    bool key_given = false;
    std::int64_t notes = 0;
    Fingerprint fingerprint;
    MelodyLines lines;
    PieceStatistics statistics;  // summary.id is empty

    bool usable() const { return refused_code.empty(); }
};

// Whatever the bytes make a reader do, this returns; `name` is for messages.
Reading read_music(std::string_view bytes, const std::string& name);

// The score alone, roles assigned. Throws what the reader refuses.
score::Score score_of(std::string_view bytes, const std::string& name);

// A file without a music ending counts as music if it opens as MIDI does. (Zip archives and XML
// open alike whatever is in them: there the ending decides.)
bool is_music_file(const std::filesystem::path& path);

}  // namespace symphony::corpus
