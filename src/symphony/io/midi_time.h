// What all tracks of a MIDI file share: the division (ticks) and the tempo, key and time signatures
// of every track, brought into one order and turned into the lists and bars of a score.
#pragma once

#include "symphony/io/diagnostic_log.h"
#include "symphony/score/score.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace symphony::io {

// A year-long wait in a damaged file must not become a million bars.
inline constexpr std::int64_t kMaxQuarters = 1'000'000;
inline constexpr std::int64_t kMaxBars = 300'000;

struct MidiClock {
    int ticks_per_quarter = 480;
    // Set for SMPTE time: the tempo that makes ticks last as long as the division says, whatever
    // tempo events say.
    std::optional<double> fixed_tempo;
    std::uint16_t division = 480;  // the header's field that says all this
};
// `offset` is for diagnostics.
MidiClock read_division(std::uint16_t division, std::uint64_t offset, DiagnosticLog& log);

// The tempo of `microseconds` per quarter. Of the numbers that a writer would have rounded to this
// value the one with the fewest decimals (120 rather than 119.99998). Precondition: > 0.
double tempo_of(std::uint32_t microseconds);

// A time signature as it lies in the file.
struct WrittenMeter {
    score::Meter meter;
    // This one bar is irregular: it is as long as `meter` says, but notated in this metre.
    std::optional<score::Meter> notated;
};

template <class Value>
struct Shared {
    std::int64_t at;
    int track;
    Value value;
};

struct SharedEvents {
    std::vector<Shared<double>> tempos;  // quarters per minute
    std::vector<Shared<score::Key>> keys;
    std::vector<Shared<WrittenMeter>> meters;
};

// Fills tempos, keys, meters and bars of `score`, whose parts and resolution are there already.
// Where tracks disagree at one tick, the first track counts, and in it the last event. A short
// first metre of one bar, with a longer one right after it that lasts, is an upbeat in that metre.
void apply_shared_events(SharedEvents events, score::Score& score, DiagnosticLog& log);

}  // namespace symphony::io
