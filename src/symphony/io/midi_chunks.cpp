#include "symphony/io/midi_chunks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

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

bool begins_like_another_kind(Bytes bytes) {
    using namespace std::string_view_literals;
    static constexpr std::array kMagics{
        "PK\x03\x04"sv,
        "PK\x05\x06"sv,
        "Rar!"sv,
        "7z\xBC\xAF"sv,
        "\x1F\x8B"sv,
        "BZh"sv,
        "\xFD"
        "7zXZ"sv,
        "ID3"sv,
        "OggS"sv,
        "fLaC"sv,
        "%PDF"sv,
        "\x89PNG"sv,
        "GIF8"sv,
        "\xFF\xD8\xFF"sv,
        "\x7F"
        "ELF"sv,
        "MZ"sv,
        "RIFF"sv,
        "FORM"sv,
        "<"sv,
        "\xEF\xBB\xBF<"sv,
    };
    return std::any_of(kMagics.begin(), kMagics.end(),
                       [&](std::string_view magic) { return has_text_at(bytes, magic, 0); });
}

std::optional<MidiExtent> find_midi(Bytes bytes, DiagnosticLog* log) {
    if (has_text_at(bytes, "RIFF", 0) && has_text_at(bytes, "RMID", 8))
        return find_in_riff(bytes, log);
    if (has_text_at(bytes, "MThd", 0)) return MidiExtent{0, bytes.size()};
    if (begins_like_another_kind(bytes)) return std::nullopt;
    const std::optional<std::size_t> found = search_header(bytes, 0);
    if (!found) return std::nullopt;
    if (log) log->add(MidiTrouble::kHeaderNotAtStart, *found, -1);
    return MidiExtent{*found, bytes.size()};
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
