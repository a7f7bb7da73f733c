#include "symphony/io/score_file.h"

#include "symphony/base/file.h"
#include "symphony/base/text.h"
#include "symphony/io/abc_reader.h"
#include "symphony/io/midi_chunks.h"
#include "symphony/io/midi_reader.h"
#include "symphony/io/musicxml_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace symphony::io {

namespace {

using Reader = base::Result<ScoreFile> (*)(std::string_view, const std::string&,
                                           const ReadOptions&);

// The reader that an ending other than MIDI's asks for, to say what is missing; or null.
Reader reader_by_ending(const std::filesystem::path& path) {
    const std::string ending = base::to_lower(path.extension().string());
    if (ending == ".abc") return parse_abc;
    if (ending == ".musicxml" || ending == ".xml" || ending == ".mxl") return parse_musicxml;
    return nullptr;
}

}  // namespace

std::string_view grade_name(Grade grade) {
    constexpr std::array<std::string_view, 3> kNames{"clean", "repaired", "salvaged"};
    return kNames[static_cast<std::size_t>(grade)];
}

std::string Diagnostic::format() const {
    std::string text = fmt::format("{} {} @0x{:x}", code, name, offset);
    if (track >= 0) text += fmt::format(" track {}", track);
    if (!detail.empty()) text += ": " + detail;
    return text;
}

base::Result<ScoreFile> parse_score(std::string_view bytes, const std::string& name,
                                    const ReadOptions& options) {
    if (bytes.empty())
        return base::Error(base::ErrorKind::kInput, "FIL001 empty: the file has no bytes", name);
    if (looks_like_midi(bytes)) return parse_midi(bytes, name, options);
    const std::string_view other = other_kind_of(as_bytes(bytes));
    if (other != kWebPage && looks_like_musicxml(bytes))
        return parse_musicxml(bytes, name, options);
    if (other.empty() && looks_like_abc(bytes)) return parse_abc(bytes, name, options);
    if (!other.empty())
        return base::Error(base::ErrorKind::kInput,
                           fmt::format("FIL003 unknown-format: this is {}", other), name);
    // Salvage also looks for tracks without a header.
    const bool has_tracks = guess_header(as_bytes(bytes)).has_value();
    if (!has_tracks)
        if (const Reader read = reader_by_ending(name)) return read(bytes, name, options);
    if (options.strictness == Strictness::kSalvage) return parse_midi(bytes, name, options);
    return base::Error(base::ErrorKind::kInput,
                       "FIL003 unknown-format: neither MIDI, MusicXML nor ABC", name,
                       has_tracks ? "salvage reads tracks without a header" : "");
}

std::string refusal_code(const base::Error& refusal) {
    return refusal.message.substr(0, refusal.message.find(' '));
}

base::Result<std::string> read_music_bytes(const std::filesystem::path& path,
                                           const ReadOptions& options) {
    base::Result<std::string> bytes = base::read_settled_file(path, options.max_file_bytes);
    if (bytes.ok()) return bytes;
    base::Error error = bytes.error();
    error.message = "FIL002 unreadable: " + error.message;
    return error;
}

base::Result<ScoreFile> read_score_file(const std::filesystem::path& path,
                                        const ReadOptions& options) {
    const base::Result<std::string> bytes = read_music_bytes(path, options);
    if (!bytes.ok()) return bytes.error();
    return parse_score(bytes.value(), path.string(), options);
}

bool has_music_ending(const std::filesystem::path& path) {
    constexpr std::array<std::string_view, 9> kEndings{".mid",      ".midi", ".kar", ".rmi", ".smf",
                                                       ".musicxml", ".xml",  ".mxl", ".abc"};
    const std::string ending = base::to_lower(path.extension().string());
    return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

}  // namespace symphony::io
