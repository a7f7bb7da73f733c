#include "symphony/io/midi_diagnostics.h"

#include <array>

namespace symphony::io {
namespace {

using enum Severity;

// In the order of MidiTrouble.
constexpr std::array<DiagnosticKind, kMidiTroubles> kKinds{{
    {"MID001", "not-midi", kRefusal, "no MThd header where one could be: this is no MIDI file"},
    {"MID002", "no-track", kRefusal, "a header without any MTrk chunk"},
    {"MID003", "header-missing", kSalvage,
     "tracks without an MThd header; its fields are used if only its name is damaged, else read as "
     "format 1 with 480 ticks per quarter"},
    {"MID004", "too-many-notes", kSalvage,
     "more notes than max_notes; salvage keeps those before the limit"},
    {"MID005", "too-dense", kSalvage,
     "the events would take far more memory than the file; salvage keeps those before the limit"},
    {"MID006", "mostly-damage", kSalvage,
     "more than half of the track bytes make no sense; salvage keeps the rest"},
    {"MID010", "header-not-at-start", kRepair,
     "MThd within the first 4 KiB instead of at byte 0 (MacBinary, stray bytes); read from there"},
    {"MID011", "riff-wrapper", kRemark, "RIFF RMID file; its data chunk is read"},
    {"MID012", "riff-damaged", kRepair,
     "the RIFF chunk sizes lie; the header is searched for and read to the end"},
    {"MID013", "vlq-overlong", kRepair,
     "variable-length number of more than four bytes; its value is used if it fits in 28 bits, "
     "else 0 (a negative time)"},
    {"MID014", "header-length", kRepair,
     "MThd length other than 6, or the header is cut short; what is missing is taken as format 1, "
     "480 ticks per quarter"},
    {"MID015", "unknown-format", kRepair, "format above 2; read as format 1"},
    {"MID016", "track-count-wrong", kRepair,
     "the header's number of tracks is not the number of MTrk chunks; every chunk is read"},
    {"MID017", "format-0-many-tracks", kRepair,
     "format 0 with more than one track; read as format 1"},
    {"MID018", "format-2", kRemark, "independent sequences; laid one after the other"},
    {"MID019", "division-zero", kRepair, "0 ticks per quarter; 480 is assumed"},
    {"MID020", "smpte-division", kRemark,
     "time counted in frames; expressed in quarters of a half second (or of a second) and a "
     "constant tempo"},
    {"MID021", "smpte-unknown-rate", kRepair,
     "frame rate other than 24, 25, 29 or 30, or no ticks per frame; read as the nearest"},
    {"MID030", "foreign-chunk", kRemark, "chunk of another kind (vendor data); skipped"},
    {"MID031", "track-length-too-long", kRepair,
     "MTrk length reaches past the end of the file or over the next track; the track ends where "
     "its events do"},
    {"MID032", "track-length-too-short", kRepair,
     "MTrk length ends before the track's events do; they are read to their end"},
    {"MID033", "junk-between-chunks", kRepair, "bytes between chunks; skipped"},
    {"MID034", "trailing-bytes", kRepair, "bytes after the last chunk; ignored"},
    {"MID035", "track-name-damaged", kRepair,
     "chunk whose name differs from MTrk in one letter or in case; read as a track"},
    {"MID040", "missing-end-of-track", kRepair, "track without an End of Track event"},
    {"MID041", "events-after-end-of-track", kRepair,
     "bytes inside the track after End of Track; read if they are events, else ignored"},
    {"MID042", "cut-inside-event", kRepair,
     "the track stops inside an event; the event is dropped"},
    {"MID043", "running-status-missing", kRepair,
     "data byte where a status byte must stand, and no running status; bytes are skipped to the "
     "next sound event"},
    {"MID044", "running-status-kept", kRepair,
     "running status goes on after a meta event or system exclusive, which should end it; kept, as "
     "most programs do"},
    {"MID045", "data-byte-too-large", kRepair,
     "data byte of 128 or more; a loudness or other value is clipped to 127, a pitch is moved by "
     "octaves into range, a message with such a controller or program is dropped"},
    {"MID046", "bytes-skipped", kRepair,
     "bytes that make no events; skipped to the next sound event"},
    {"MID047", "system-message-in-track", kRepair,
     "system common or real-time message (F1 to FE) in a file; skipped"},
    {"MID048", "sysex-length", kRepair,
     "length of a system exclusive reaches past the track; it is ended at its F7 byte"},
    {"MID050", "meta-length", kRepair,
     "meta event of a wrong length; its first bytes are used if they suffice, else it is dropped"},
    {"MID051", "meta-type", kRepair, "meta event type of 128 or more; dropped"},
    {"MID052", "key-signature", kRepair,
     "key signature beyond seven sharps or flats, or neither major nor minor; dropped"},
    {"MID053", "time-signature", kRepair,
     "time signature with numerator 0 or a unit below 1/128; dropped"},
    {"MID054", "tempo-zero", kRepair, "tempo of 0 microseconds per quarter; dropped"},
    {"MID055", "delta-too-long", kRepair,
     "waiting time that would carry the piece beyond a million quarters; taken as 0"},
    {"MID056", "meters-too-dense", kRepair,
     "time signatures that make more than 300,000 bars; all dropped"},
    {"MID060", "note-never-closed", kRepair,
     "note without an end; ended where its pitch is struck again or the track ends, at most 16 "
     "quarters long"},
    {"MID061", "note-off-without-note", kRemark, "end of a note that does not sound; ignored"},
    {"MID062", "note-restruck", kRemark,
     "pitch struck again while it sounds; first struck is first ended"},
    {"MID063", "zero-length-note", kRepair, "note that ends where it begins; made one tick long"},
    {"MID070", "text-not-utf8", kRemark,
     "text in another encoding, judged by all such texts of the file; its detail says which"},
    {"MID071", "events-left-out", kRemark,
     "aftertouch, system exclusive, channel mode and other events that a score does not hold"},
    {"MID072", "silent-part-left-out", kRemark, "channel with settings but without notes"},
}};

}  // namespace

std::string_view severity_name(Severity severity) {
    constexpr std::array<std::string_view, 4> kNames{"remark", "repair", "salvage", "refusal"};
    return kNames[static_cast<std::size_t>(severity)];
}

const DiagnosticKind& diagnostic_kind(MidiTrouble trouble) {
    return kKinds[static_cast<std::size_t>(trouble)];
}

std::span<const DiagnosticKind> midi_diagnostic_kinds() { return kKinds; }

}  // namespace symphony::io
