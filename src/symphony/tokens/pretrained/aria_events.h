// Piano and ensemble notes in milliseconds, as the tokenizer of Aria reads a MIDI file. Source:
// EleutherAI/aria-utils (Apache-2.0), "absolute" tokenizer: its pairing of note ends, its pedal,
// its way of choosing bins and of counting time are reproduced, as they decide the ids.
#pragma once

#include "symphony/score/midi_messages.h"
#include "symphony/tokens/tokenizer.h"

#include <cstdint>
#include <vector>

namespace symphony::tokens::aria {

inline constexpr int kInstruments = 11;  // ten of pitch, then drums
inline constexpr int kDrumInstrument = 10;
inline constexpr int kStep = 10;                                // ms
inline constexpr int kSegment = 5000, kLongestDuration = 5000;  // ms
inline constexpr int kLowestDrum = 35, kHighestDrum = 81;

// "piano", "organ", ..., "drum", and the first General MIDI program of each.
const char* instrument_name(int instrument);
int first_program(int instrument);

enum class Timing {
    // As published: with several tempos, a stretch of time that begins after the last change counts
    // the part before that change backwards.
    kCompatible,
    kTrue,
};

struct Note {
    std::int64_t onset_ms = 0;  // from the first note
    std::int64_t duration_ms = 0;
    int instrument = 0, pitch = 60;
    int velocity = 64;  // as struck
    TokenSource source;
};

struct Notes {
    std::vector<Note> list;           // in the order of their onsets
    std::int64_t source_notes = 0;    // struck
    std::int64_t left_out = 0;        // of instruments that the vocabulary does not have
    std::int64_t drums_left_out = 0;  // keys outside kLowestDrum .. kHighestDrum
};
Notes notes_of(const score::MidiMessages& messages, Timing timing);

// Multiples of ten as the reference finds the nearest: by a binary search that keeps the first of
// two equally near ones it meets.
int velocity_bin(int velocity);               // 10 .. 120
int duration_bin(std::int64_t milliseconds);  // 10 .. 5000
int onset_bin(std::int64_t milliseconds);     // 0 .. 4990, in its segment

}  // namespace symphony::tokens::aria
