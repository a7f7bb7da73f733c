#include "symphony/corpus/read_music.h"

#include "symphony/base/error.h"
#include "symphony/score/harmony.h"
#include "symphony/score/roles.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <utility>

namespace symphony::corpus {
namespace fs = std::filesystem;
namespace {

bool opens_like_midi(const fs::path& path) {
    char head[12] = {};
    std::ifstream file(path, std::ios::binary);
    file.read(head, sizeof head);
    const std::string_view bytes(head, static_cast<std::size_t>(file.gcount()));
    return bytes.starts_with("MThd") ||
           (bytes.starts_with("RIFF") && bytes.size() == 12 && bytes.substr(8) == "RMID");
}

Reading refused(Refusal refusal) {
    Reading reading;
    reading.refused_code = std::move(refusal.code);
    reading.refused_reason = std::move(refusal.reason);
    return reading;
}

std::vector<Finding> counted(const std::vector<io::Diagnostic>& diagnostics) {
    std::map<std::pair<std::string, std::string>, std::int64_t> times;
    for (const io::Diagnostic& d : diagnostics) ++times[{d.code, d.name}];
    std::vector<Finding> findings;
    for (const auto& [kind, count] : times) findings.push_back({kind.first, kind.second, count});
    return findings;
}

Reading reading_of(io::ScoreFile file) {
    if (file.score.note_count() == 0)
        return refused({kNoNotes, "no-notes: well-formed, but holds no note"});
    Reading reading;
    reading.grade = file.grade;
    reading.findings = counted(file.diagnostics);
    score::Score& score = file.score;
    score::assign_roles(score);
    reading.title = score.title;
    reading.composer = score.composer;
    reading.key_given = !score.keys.empty();
    reading.key = reading.key_given ? score.keys.front().key : score::estimate_key(score);
    reading.notes = static_cast<std::int64_t>(score.note_count());
    reading.fingerprint = fingerprint_of(score);
    reading.lines = melody_lines_of(score);
    reading.statistics = statistics_of(score, {}, reading.key, reading.key_given);
    return reading;
}

}  // namespace

Refusal refusal_of(const base::Error& error) {
    const std::string& text = error.message;
    const std::size_t space = text.find(' ');
    const std::string word = text.substr(0, space);
    const bool coded = space != std::string::npos && word.size() > 3 &&
                       word.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == word.size() - 3 &&
                       word.find_first_not_of("0123456789", word.size() - 3) == std::string::npos;
    if (coded) return {word, text.substr(space + 1)};
    return {kUnreadable, text};
}

Reading read_music(std::string_view bytes, const std::string& name) {
    try {
        base::Result<io::ScoreFile> read = io::parse_score(bytes, name, {});
        if (!read) return refused(refusal_of(read.error()));
        return reading_of(std::move(read).value());
    } catch (const std::exception& e) {
        return refused({kReaderFailed, std::string("reader-failed: ") + e.what()});
    }
}

score::Score score_of(std::string_view bytes, const std::string& name) {
    score::Score score = std::move(io::parse_score(bytes, name, {}).value().score);
    score::assign_roles(score);
    return score;
}

bool is_music_file(const fs::path& path) {
    return io::has_music_ending(path) || opens_like_midi(path);
}

}  // namespace symphony::corpus
