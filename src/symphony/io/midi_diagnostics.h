// Everything the MIDI reader can find wrong with a file, or worth a remark: one code each, in one
// table. Codes are stable: a number is never given a second meaning. docs/midi.md shows the table.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace symphony::io {

// What a finding means for the file.
enum class Severity : std::uint8_t {
    kRemark,   // legal; something is left out or laid out afresh
    kRepair,   // against the standard: strict refuses, repair and salvage mend it
    kSalvage,  // strict and repair refuse, salvage reads what is left
    kRefusal,  // always refused
};
std::string_view severity_name(Severity severity);  // "remark", "repair", "salvage", "refusal"

enum class MidiTrouble : std::uint8_t {
    kNotMidi,
    kNoTrack,
    kHeaderMissing,
    kTooManyNotes,
    kTooDense,
    kMostlyDamage,
    kHeaderNotAtStart,
    kRiffWrapper,
    kRiffDamaged,
    kVlqOverlong,
    kHeaderLength,
    kUnknownFormat,
    kTrackCountWrong,
    kFormat0ManyTracks,
    kFormat2,
    kDivisionZero,
    kSmpteDivision,
    kSmpteUnknownRate,
    kForeignChunk,
    kTrackLengthTooLong,
    kTrackLengthTooShort,
    kJunkBetweenChunks,
    kTrailingBytes,
    kTrackNameDamaged,
    kMissingEndOfTrack,
    kEventsAfterEndOfTrack,
    kCutInsideEvent,
    kRunningStatusMissing,
    kRunningStatusKept,
    kDataByteTooLarge,
    kBytesSkipped,
    kSystemMessageInTrack,
    kSysexLength,
    kMetaLength,
    kMetaType,
    kKeySignature,
    kTimeSignature,
    kTempoZero,
    kDeltaTooLong,
    kMetersTooDense,
    kNoteNeverClosed,
    kNoteOffWithoutNote,
    kNoteRestruck,
    kZeroLengthNote,
    kTextNotUtf8,
    kEventsLeftOut,
    kSilentPartLeftOut,
};
inline constexpr int kMidiTroubles = static_cast<int>(MidiTrouble::kSilentPartLeftOut) + 1;

struct DiagnosticKind {
    std::string_view code;  // "MID013"
    std::string_view name;  // "vlq-overlong"
    Severity severity;
    std::string_view meaning;  // what it is, and what the reader does about it
};

const DiagnosticKind& diagnostic_kind(MidiTrouble trouble);
// In the order of their codes.
std::span<const DiagnosticKind> midi_diagnostic_kinds();

}  // namespace symphony::io
