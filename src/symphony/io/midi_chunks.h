// Where things lie in a Standard MIDI File: the header, wherever it begins (RIFF wrapper, MacBinary
// prefix), and the chunks after it. No declared size is believed before it is held against the
// bytes. Source: RP-001; RIFF RMID as in Microsoft's "Multimedia Programming Interface" (1991).
#pragma once

#include "symphony/io/diagnostic_log.h"
#include "symphony/io/midi_event.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace symphony::io {

struct MidiHeader {
    int format = 1;  // 0, 1 or 2
    int declared_tracks = 0;
    bool has_declared_tracks = false;
    std::uint16_t division = 480;  // as in the file: ticks per quarter, or SMPTE with the top bit
    std::size_t offset = 0;        // of MThd
    std::size_t next = 0;          // where the chunks begin
};

// The part of the file that is Standard MIDI.
struct MidiExtent {
    std::size_t begin = 0;
    std::size_t end = 0;
};

// Position of `text` in [from, bytes.size()), or bytes.size().
std::size_t find_text(Bytes bytes, std::string_view text, std::size_t from);

bool has_text_at(Bytes bytes, std::string_view text, std::size_t at);

// Is there a chunk header (four printable characters, a length that fits) at `at`? MTrk needs no
// length that fits.
bool chunk_header_at(Bytes bytes, std::size_t at);

// Is there a chunk whose name is almost MTrk (one letter or the case is wrong) and whose first
// event makes sense?
bool damaged_track_at(Bytes bytes, std::size_t at);

// Four bytes, most significant first. Precondition: at + 4 <= bytes.size().
std::uint32_t big_endian_32(Bytes bytes, std::size_t at);

inline constexpr std::string_view kWebPage = "a web page";

// What the bytes begin like, where that is another kind of file than MIDI: "a ZIP archive",
// kWebPage, "MP3 sound", ...; "" if it is none known. A MIDI file stored inside one is not taken
// for the whole.
std::string_view other_kind_of(Bytes bytes);

// Finds the header; nothing if the bytes are not MIDI. Looks in RIFF RMID, then at byte 0, then in
// the first 4 KiB unless the bytes begin like another kind of file.
std::optional<MidiExtent> find_midi(Bytes bytes, DiagnosticLog* log);

// What salvage makes of a file without MThd: the fields before the first MTrk in the first 4 KiB,
// if they have the form of a header whose name is damaged, else defaults. Nothing if there is no
// MTrk.
std::optional<MidiHeader> guess_header(Bytes bytes);

// Reads MThd at `extent.begin`, taking defaults for what is missing. Throws what `log` throws.
MidiHeader read_header(Bytes bytes, std::size_t at, DiagnosticLog& log);

}  // namespace symphony::io
