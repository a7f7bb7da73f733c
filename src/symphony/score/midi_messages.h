// A piece as the messages of a MIDI file in their order, nothing interpreted: some published
// tokenisers read messages rather than notes, and their ids depend on that order. Source: own.
#pragma once

#include "symphony/score/score.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace symphony::score {

enum class MessageKind : std::uint8_t {
    kNoteOff,  // a: pitch
    kNoteOn,   // a: pitch, b: velocity 1..127
    kControl,  // a: controller, b: value
    kProgram,  // a: program
    kTempo,    // a: microseconds per quarter
    kMeter,    // a: numerator, b: power of two of the denominator
    kKey,      // a: sharps (flats below 0), b: 1 for minor
    kBend,     // a: -8192..8191
    kMarker,   // a marker that is not empty
    kOther,    // anything else that takes time: other texts, pressure, system exclusive
};

struct MidiMessage {
    Ticks at;
    MessageKind kind = MessageKind::kOther;
    std::uint8_t channel = 0;  // 0..15, of channel messages
    std::int32_t a = 0, b = 0;
    int part = -1, note = -1;  // of kNoteOn: where it was in the score, if it came from one
};

struct MidiTrack {
    std::vector<MidiMessage> messages;  // sorted by `at`, equal times in the order of the file
    Ticks end;                          // of its End of Track
};

struct MidiMessages {
    int ticks_per_quarter = 480;  // > 0
    std::vector<MidiTrack> tracks;
};

inline constexpr int kMidiDrumChannel = 9;

// Track 0 holds tempos, metres (an irregular bar as a metre of its length) and keys; then one track
// a part: program first, at one tick ends before controls before strikes. A part keeps its channel
// where it has one that suits it; drums take channel 9, others the next free one. Where all are
// taken, channels are shared in turn: `losses`, if given, counts the notes of parts that share one
// with another program as "channel-shared".
MidiMessages midi_messages_of(const Score& score,
                              std::map<std::string, std::int64_t>* losses = nullptr);

// Metres that put bar lines where the bars of the score are, equal ones once.
std::vector<MeterChange> meters_of_bars(const Score& score);

}  // namespace symphony::score
