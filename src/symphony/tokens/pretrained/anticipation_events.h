// Music as triples (time, duration, note) in hundredths of a second, as the Anticipatory Music
// Transformer reads it. Source: Thickstun et al., "Anticipatory Music Transformer", TMLR 2024, and
// the conventions of its published code: rounding half to even, first struck is first ended, the
// program in force when a note begins must still be in force when it ends.
#pragma once

#include "symphony/score/midi_messages.h"
#include "symphony/tokens/tokenizer.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace symphony::tokens::anticipation {

inline constexpr std::int64_t kTicksPerSecond = 100;
inline constexpr int kMaxTime = 10000, kMaxDuration = 1000;
inline constexpr int kDrums = 128;  // the instrument after General MIDI's
inline constexpr int kInstruments = 129;
inline constexpr int kNotes = kInstruments * 128;  // instrument * 128 + pitch
inline constexpr int kRestNote = kNotes;           // no instrument and no pitch
inline constexpr int kUnknownDuration = 25;        // of a note that never ends
inline constexpr int kRestEvery = 100;             // padding leaves no wait longer than this
inline constexpr int kAnticipation = 500;          // how far ahead a control is announced

// The vocabulary: three ranges for events, the same three for controls, then three ids.
inline constexpr TokenId kTime = 0, kDuration = 10000, kNote = 11000, kRest = 27512;
inline constexpr TokenId kControl = 27513;  // a control's id is an event's plus this
inline constexpr TokenId kSeparator = 55025, kAutoregress = 55026, kAnticipate = 55027;
inline constexpr int kVocabulary = 55028;
static_assert(kNote + kRestNote == kRest);

// A note in the order in which it was struck.
struct CompoundNote {
    std::int64_t time = 0;      // ticks
    std::int64_t duration = 0;  // ticks, -1 where no end was found
    int pitch = 0, instrument = 0, velocity = 0;
    TokenSource source;
};
std::vector<CompoundNote> compound_of(const score::MidiMessages& messages);

struct Event {
    std::int64_t time =
        0;             // ticks; may exceed kMaxTime, windows are moved to 0 before they are fed
    int duration = 0;  // 0 .. kMaxDuration - 1
    int note = 0;      // instrument * 128 + pitch, or kRestNote
    bool control = false;
    TokenSource source;
};
// Sorted by time; lengths over the longest are cut and counted in `cut`, if given.
std::vector<Event> events_of(std::span<const CompoundNote> notes, std::int64_t* cut = nullptr);

// Rests put in so that no wait is longer than kRestEvery, also up to `end`.
std::vector<Event> padded(std::span<const Event> events,
                          std::optional<std::int64_t> end = std::nullopt);

// `controls` put among `events`, each kAnticipation ticks ahead of its time; both sorted. Controls
// that no event comes late enough for are left out.
std::vector<Event> anticipated(std::span<const Event> events, std::span<const Event> controls);

// Three ids for each event, times as they are.
std::vector<std::int64_t> ids_of(std::span<const Event> events);

// The other vocabulary of the same authors: waits (0 .. 999), note on (from 1000) and off (from
// 17512), without durations.
inline constexpr TokenId kInterarrivalOn = 1000, kInterarrivalOff = 17512;
std::vector<TokenId> interarrival_of(const score::MidiMessages& messages);

}  // namespace symphony::tokens::anticipation
