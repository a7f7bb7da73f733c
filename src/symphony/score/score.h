// A piece of music as plain values: parts with notes, and what all parts share (tempo, metre, keys,
// bars). Times are ticks from the start; ticks_per_quarter gives their size. Every list is sorted
// by onset; what has one onset stands in the order of the source.
#pragma once

#include "symphony/score/units.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace symphony::score {

inline constexpr int kPitches = 128;  // MIDI pitches 0..127, 60 is middle C
inline constexpr double kDefaultTempoBpm = 120;

enum class Role : std::uint8_t { kUnknown, kMelody, kBass, kHarmony, kDrums };
std::string_view role_name(Role role);  // "unknown", "melody", "bass", "harmony", "drums"
std::optional<Role> role_named(std::string_view name);  // and back; none for another name

struct Note {
    Ticks onset;
    Ticks duration;              // > 0
    std::uint8_t pitch = 60;     // 0..127; in a drum part, the drum's key number
    std::uint8_t velocity = 64;  // 1..127
    std::uint8_t voice = 0;      // the notated voice inside the part, 0: none given
    Role role = Role::kUnknown;  // of this note; a polyphonic part may mix roles

    Ticks end() const { return onset + duration; }
    auto operator<=>(const Note&) const = default;  // by onset first
};

// A MIDI control change. `controller` 0..119, `value` 0..127.
struct ControlChange {
    Ticks onset;
    std::uint8_t controller = 0;
    std::uint8_t value = 0;
    auto operator<=>(const ControlChange&) const = default;
};

// -8192..8191, 0 is no bend.
struct PitchBend {
    Ticks onset;
    std::int16_t value = 0;
    auto operator<=>(const PitchBend&) const = default;
};

// A change of program inside a part (the first one is Part::program).
struct ProgramChange {
    Ticks onset;
    std::uint8_t program = 0;
    std::uint16_t bank = 0;
    auto operator<=>(const ProgramChange&) const = default;
};

enum class TextKind : std::uint8_t { kText, kCopyright, kLyric, kMarker, kCue };

struct Text {
    Ticks onset;
    TextKind kind = TextKind::kText;
    std::string text;  // UTF-8
    auto operator<=>(const Text&) const = default;
};

struct Part {
    std::string name;          // UTF-8, may be empty
    std::uint8_t program = 0;  // General MIDI 0..127
    std::uint16_t bank = 0;    // CC0 * 128 + CC32
    bool is_drums = false;
    std::optional<std::uint8_t> channel;  // 0..15, where the source had one
    std::uint8_t staff = 0;               // of the notated part, 1 from the top; 0: none given
    Role role = Role::kUnknown;           // of the part as a whole
    std::vector<Note> notes;
    std::vector<ControlChange> controls;
    std::vector<PitchBend> bends;
    std::vector<ProgramChange> programs;
    std::vector<Text> texts;
    auto operator<=>(const Part&) const = default;
};

struct TempoChange {
    Ticks onset;
    double quarters_per_minute = kDefaultTempoBpm;  // > 0
    auto operator<=>(const TempoChange&) const = default;
};

struct Meter {
    std::uint8_t numerator = 4;    // >= 1
    std::uint8_t denominator = 4;  // a power of two, 1..128
    auto operator<=>(const Meter&) const = default;
};

struct MeterChange {
    Ticks onset;
    Meter meter;
    auto operator<=>(const MeterChange&) const = default;
};

struct Key {
    std::int8_t sharps = 0;  // -7 (seven flats) .. 7
    bool minor = false;

    int tonic_pitch_class() const;  // 0 = C
    std::string name() const;       // "C major", "F# minor"
    auto operator<=>(const Key&) const = default;
};

struct KeyChange {
    Ticks onset;
    Key key;
    auto operator<=>(const KeyChange&) const = default;
};

// One bar with its real length: an upbeat or an irregular bar is a bar of its own length.
struct Bar {
    Ticks onset;
    Ticks length;  // > 0
    Meter meter;   // as notated
    auto operator<=>(const Bar&) const = default;
};

// Where a phrase ends: a fermata, breath mark or double bar.
struct PhraseMark {
    Ticks onset;
    auto operator<=>(const PhraseMark&) const = default;
};

struct Score {
    int ticks_per_quarter = 480;  // 1..32767
    std::string title, composer;  // UTF-8, may be empty
    std::vector<Part> parts;
    std::vector<TempoChange> tempos;  // empty: none given
    std::vector<MeterChange> meters;  // empty: none given (4/4 is then assumed by bars)
    std::vector<KeyChange> keys;      // empty: none given
    std::vector<Bar> bars;            // given by the source, or empty: see bars_of
    std::vector<PhraseMark> phrases;
    std::vector<Text> texts;  // not tied to a part
    auto operator<=>(const Score&) const = default;

    std::size_t note_count() const;
    Ticks end() const;  // end of the last note, 0 without notes
};

// The bars that cover the piece: those given, continued to the end; without any, from the meters
// (4/4 where none is given). Cut by meter changes inside a bar.
std::vector<Bar> bars_of(const Score& score);

// Index of the last bar that begins at or before `at`; 0 before the first. Precondition: some bar.
std::size_t bar_index(std::span<const Bar> bars, Ticks at);

// Sorts every list; removes nothing.
void sort_events(Score& score);

}  // namespace symphony::score
