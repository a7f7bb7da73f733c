#include "symphony/io/midi_chunks.h"

#include "symphony/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

namespace symphony::io {
namespace {

constexpr std::size_t kSearchedForHeader = 4096;

std::uint32_t little_endian_32(Bytes bytes, std::size_t at) {
    return bytes[at] | (std::uint32_t{bytes[at + 1]} << 8) | (std::uint32_t{bytes[at + 2]} << 16) |
           (std::uint32_t{bytes[at + 3]} << 24);
}

// MThd with its length of 6 and an MTrk behind it: strong enough to be believed anywhere.
bool whole_header_at(Bytes bytes, std::size_t at) {
    constexpr std::string_view kHeader("MThd\0\0\0\6", 8);
    return has_text_at(bytes, kHeader, at) && has_text_at(bytes, "MTrk", at + 14);
}

std::optional<std::size_t> search_header(Bytes bytes, std::size_t from) {
    const Bytes window = bytes.first(std::min(bytes.size(), from + kSearchedForHeader));
    for (std::size_t at = find_text(window, "MThd", from); at < window.size();
         at = find_text(window, "MThd", at + 1))
        if (whole_header_at(bytes, at)) return at;
    return std::nullopt;
}

// The data chunk of a RIFF RMID file.
std::optional<MidiExtent> find_in_riff(Bytes bytes, DiagnosticLog* log) {
    constexpr std::size_t kFirstChunk = 12;
    if (log) log->add(MidiTrouble::kRiffWrapper, 0, -1);
    std::size_t at = kFirstChunk;
    while (at + 8 <= bytes.size()) {
        const std::size_t size = little_endian_32(bytes, at + 4);
        const std::size_t begin = at + 8;
        if (has_text_at(bytes, "data", at) && has_text_at(bytes, "MThd", begin)) {
            const bool fits = size <= bytes.size() - begin;
            if (!fits && log) log->add(MidiTrouble::kRiffDamaged, at + 4, -1, "data chunk");
            return MidiExtent{begin, fits ? begin + size : bytes.size()};
        }
        if (size > bytes.size() - begin) break;
        at = begin + size + (size & 1);  // chunks are padded to even sizes
    }
    const std::optional<std::size_t> found = search_header(bytes, kFirstChunk);
    if (!found) return std::nullopt;
    if (log) log->add(MidiTrouble::kRiffDamaged, kFirstChunk, -1, "no data chunk");
    return MidiExtent{*found, bytes.size()};
}

}  // namespace

bool has_text_at(Bytes bytes, std::string_view text, std::size_t at) {
    return at <= bytes.size() && text.size() <= bytes.size() - at &&
           std::memcmp(bytes.data() + at, text.data(), text.size()) == 0;
}

std::size_t find_text(Bytes bytes, std::string_view text, std::size_t from) {
    if (from >= bytes.size()) return bytes.size();
    const std::string_view all(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const std::size_t at = all.find(text, from);
    return at == std::string_view::npos ? bytes.size() : at;
}

std::uint32_t big_endian_32(Bytes bytes, std::size_t at) {
    return (std::uint32_t{bytes[at]} << 24) | (std::uint32_t{bytes[at + 1]} << 16) |
           (std::uint32_t{bytes[at + 2]} << 8) | bytes[at + 3];
}

bool chunk_header_at(Bytes bytes, std::size_t at) {
    if (has_text_at(bytes, "MTrk", at)) return true;
    if (at > bytes.size() || bytes.size() - at < 8) return false;
    for (std::size_t i = 0; i < 4; ++i)
        if (bytes[at + i] < 0x20 || bytes[at + i] > 0x7E) return false;
    return big_endian_32(bytes, at + 4) <= bytes.size() - at - 8;
}

bool damaged_track_at(Bytes bytes, std::size_t at) {
    constexpr std::string_view kName = "mtrk";
    if (at > bytes.size() || bytes.size() - at < 8) return false;
    int wrong = 0;
    for (std::size_t i = 0; i < kName.size(); ++i)
        wrong += static_cast<char>(bytes[at + i] | 0x20) != kName[i];
    return wrong <= 1 && count_good_events(bytes, at + 8, 0, 1, /*first_needs_status=*/true) == 1;
}

std::string_view other_kind_of(Bytes bytes) {
    using namespace std::string_view_literals;
    struct Kind {
        std::string_view magic, name;
    };
    static constexpr std::array kKinds{
        Kind{"PK\x03\x04"sv, "a ZIP archive"},
        Kind{"PK\x05\x06"sv, "a ZIP archive"},
        Kind{"Rar!"sv, "a RAR archive"},
        Kind{"7z\xBC\xAF"sv, "a 7z archive"},
        Kind{"\x1F\x8B"sv, "a gzip archive"},
        Kind{"BZh"sv, "a bzip2 archive"},
        Kind{"\xFD"
             "7zXZ"sv,
             "an xz archive"},
        Kind{"StuffIt"sv, "a StuffIt archive"},
        Kind{"SIT!"sv, "a StuffIt archive"},
        Kind{"MSCF"sv, "a CAB archive"},
        Kind{"\0\5\x16\7"sv, "an AppleDouble sidecar (._ file)"},
        Kind{"vti_encoding:"sv, "a FrontPage sidecar"},
        Kind{"ID3"sv, "MP3 sound"},
        Kind{"\xFF\xFB"sv, "MP3 sound"},
        Kind{"\xFF\xF3"sv, "MP3 sound"},
        Kind{"\xFF\xF2"sv, "MP3 sound"},
        Kind{"\xFF\xFA"sv, "MP3 sound"},
        Kind{"OggS"sv, "Ogg sound"},
        Kind{"fLaC"sv, "FLAC sound"},
        Kind{"RIFF"sv, "RIFF sound or video"},
        Kind{"FORM"sv, "AIFF sound or another IFF file"},
        Kind{"\x30\x26\xB2\x75"sv, "Windows Media"},
        Kind{".RMF"sv, "RealMedia"},
        Kind{"%PDF"sv, "a PDF document"},
        Kind{"\xD0\xCF\x11\xE0"sv, "an Office document"},
        Kind{"{\\rtf"sv, "an RTF document"},
        Kind{"\x89PNG"sv, "a picture"},
        Kind{"GIF8"sv, "a picture"},
        Kind{"\xFF\xD8\xFF"sv, "a picture"},
        Kind{"\x7F"
             "ELF"sv,
             "a program"},
        Kind{"MZ"sv, "a program"},
        Kind{"#!"sv, "a script"},
        Kind{"SQLite format"sv, "a database"},
    };
    for (const Kind& kind : kKinds)
        if (has_text_at(bytes, kind.magic, 0)) return kind.name;
    // Markup may begin with a byte order mark and white space.
    std::size_t at = has_text_at(bytes, "\xEF\xBB\xBF", 0) ? 3 : 0;
    while (at < bytes.size() && (bytes[at] == ' ' || (bytes[at] >= 9 && bytes[at] <= 13))) ++at;
    const std::string start =
        base::to_lower(as_text(bytes.subspan(at, std::min<std::size_t>(14, bytes.size() - at))));
    for (const std::string_view page : {"<!doctype html"sv, "<html"sv, "<head"sv, "<body"sv})
        if (start.starts_with(page)) return kWebPage;
    if (start.starts_with('<')) return "markup";
    return {};
}

std::optional<MidiExtent> find_midi(Bytes bytes, DiagnosticLog* log) {
    if (has_text_at(bytes, "RIFF", 0) && has_text_at(bytes, "RMID", 8))
        return find_in_riff(bytes, log);
    if (has_text_at(bytes, "MThd", 0)) return MidiExtent{0, bytes.size()};
    if (!other_kind_of(bytes).empty()) return std::nullopt;
    const std::optional<std::size_t> found = search_header(bytes, 0);
    if (!found) return std::nullopt;
    if (log) log->add(MidiTrouble::kHeaderNotAtStart, *found, -1);
    return MidiExtent{*found, bytes.size()};
}

std::optional<MidiHeader> guess_header(Bytes bytes) {
    const Bytes searched = bytes.first(std::min(bytes.size(), kSearchedForHeader));
    const std::size_t track = find_text(searched, "MTrk", 0);
    if (track + 8 > bytes.size()) return std::nullopt;
    MidiHeader header;
    header.next = track;
    constexpr std::size_t kLength = 14, kFields = 6;
    if (track < kLength || big_endian_32(bytes, track - kLength + 4) != kFields) return header;
    const auto field = [&](std::size_t index) {
        const std::size_t at = track - kFields + index;
        return static_cast<std::uint16_t>(bytes[at] * 256 + bytes[at + 1]);
    };
    if (field(0) > 2) return header;
    header.format = field(0);
    header.division = field(4);
    header.offset = track - kLength;
    return header;
}

MidiHeader read_header(Bytes bytes, std::size_t at, DiagnosticLog& log) {
    MidiHeader header;
    header.offset = at;
    const std::size_t fields = at + 8;
    const std::size_t declared = fields <= bytes.size() ? big_endian_32(bytes, at + 4) : 0;
    const std::size_t held = bytes.size() - std::min(bytes.size(), fields);
    // A track that begins inside the header ends it.
    const std::size_t track =
        find_text(bytes.first(std::min(bytes.size(), fields + 9)), "MTrk", at);
    const std::size_t usable = std::min({held, std::size_t{6}, track - std::min(track, fields)});
    if (declared != 6 || usable < 6)
        log.add(MidiTrouble::kHeaderLength, at + 4, -1,
                fmt::format("length {}, {} bytes of 6 there", declared, usable));
    const auto field = [&](std::size_t index) {
        return static_cast<std::uint16_t>(bytes[fields + index] * 256 + bytes[fields + index + 1]);
    };
    if (usable >= 2) header.format = field(0);
    if (usable >= 4) {
        header.declared_tracks = field(2);
        header.has_declared_tracks = true;
    }
    if (usable >= 6) header.division = field(4);

    header.next = fields + declared;
    if (usable < 6 || (header.next != bytes.size() && !chunk_header_at(bytes, header.next)))
        header.next = std::min(bytes.size(), find_text(bytes, "MTrk", at));
    if (header.format > 2) {
        log.add(MidiTrouble::kUnknownFormat, fields, -1, fmt::format("format {}", header.format));
        header.format = 1;
    }
    return header;
}

}  // namespace symphony::io
