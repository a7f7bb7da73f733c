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

// Four bytes, most significant first. Precondition: at + 4 <= bytes.size().
std::uint32_t big_endian_32(Bytes bytes, std::size_t at);

// Do the bytes begin like an archive, a picture, sound, markup, ...? A MIDI file stored inside one
// is not taken for the whole.
bool begins_like_another_kind(Bytes bytes);

// Finds the header; nothing if the bytes are not MIDI. Looks in RIFF RMID, then at byte 0, then in
// the first 4 KiB unless the bytes begin like another kind of file.
std::optional<MidiExtent> find_midi(Bytes bytes, DiagnosticLog* log);

// Reads MThd at `extent.begin`, taking defaults for what is missing. Throws what `log` throws.
MidiHeader read_header(Bytes bytes, std::size_t at, DiagnosticLog& log);

}  // namespace symphony::io
