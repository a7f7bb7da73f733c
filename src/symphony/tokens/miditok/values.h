// The numbers behind a configuration: which velocities, tempos, durations, rests and bends have
// tokens, in MidiTok's order and rounding. Source: MidiTok 3.0.6, numpy 2.
#pragma once

#include "symphony/tokens/miditok/config.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace symphony::tokens::miditok {

// beat.step.resolution: `beats` beats and `steps` of `resolution` steps a beat.
struct BeatTime {
    int beats = 0, steps = 0, resolution = 8;

    std::string text() const;  // "1.4.8"
    std::int64_t ticks(std::int64_t ticks_per_beat) const {
        return (std::int64_t{beats} * resolution + steps) * ticks_per_beat / resolution;
    }
    auto operator<=>(const BeatTime&) const = default;
};

struct Meter {
    int numerator = 4, denominator = 4;
    auto operator<=>(const Meter&) const = default;
};

struct Values {
    explicit Values(const Config& config);

    std::vector<BeatTime> durations, rests;
    std::vector<int> velocities;         // rising
    std::vector<std::int64_t> bends;     // rising
    std::vector<int> tempos_hundredths;  // quarters a minute, times 100, in the order of their ids
    std::vector<double> tempos_mspq;     // microseconds a quarter, rising
    double default_tempo = 120;
    std::vector<Meter> meters;  // those with tokens, or 4/4 alone
    int time_division = 8;  // what MidiTok takes for a quarter's ticks where metres are left out
    int ticks_per_quarter = 8;               // of decoded music
    int first_beat_res = 8;                  // of the range that begins at 0
    std::vector<std::int64_t> microtimings;  // pertok, ticks
    std::vector<std::int64_t> positions;     // pertok, ticks in the bar
    std::int64_t min_timeshift = 0;          // pertok

    // Ticks of each duration (rest) at a resolution, in the order of the ids.
    const std::vector<std::int64_t>& duration_ticks(std::int64_t ticks_per_beat) const;
    const std::vector<std::int64_t>& rest_ticks(std::int64_t ticks_per_beat) const;
    // Index of the duration that lasts exactly so long, the last one if several do; -1: none.
    int duration_index(std::int64_t ticks, std::int64_t ticks_per_beat) const;
    // Indices of the durations (rests) that add up to at most `ticks`, longest first.
    std::vector<int> split(std::int64_t ticks, std::int64_t ticks_per_beat, bool rest) const;
    // Ticks a beat of a metre's denominator when decoding.
    std::int64_t ticks_per_beat(int denominator) const;

    int max_denominator = 4;
    int max_beats = 4;  // numerators of meters

  private:
    struct Table {
        std::vector<std::int64_t> durations, rests;
        std::map<std::int64_t, int> index_of;  // duration ticks -> index
    };
    const Table& table(std::int64_t ticks_per_beat) const;

    int positions_per_beat_ = 8;
    std::map<std::int64_t, Table> tables_;  // by every resolution that can occur
};

// The element of `sorted` nearest to `value`; of two as near, the upper one. Precondition: not
// empty.
template <class T>
T closest(const std::vector<T>& sorted, double value) {
    auto at = std::lower_bound(sorted.begin(), sorted.end(), value,
                               [](const T& a, double b) { return static_cast<double>(a) < b; });
    const auto distance = [&](auto it) { return std::abs(value - static_cast<double>(*it)); };
    if (at == sorted.end() || (at != sorted.begin() && distance(at - 1) < distance(at))) --at;
    return *at;
}

// Ids of tempos are spelled as Python spells a float: 12129 -> "121.29", 12000 -> "120.0".
std::string tempo_text(int hundredths);

// Python's round(): halves go to the even neighbour.
double round_half_even(double value);

}  // namespace symphony::tokens::miditok
