// Measures of notes that several floors take: scales, rhythm that recurs, notes that sound
// together. Each as MusPy has it (Dong et al., "MusPy: a toolkit for symbolic music generation",
// ISMIR 2020) unless said otherwise.
#pragma once

#include "symphony/score/score.h"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace symphony::score {

// Notes of all parts, or of those but drums, by onset; of one onset in the order of the parts.
enum class Which { kAll, kPitched };
std::vector<Note> notes_by_onset(const Score& score, Which which);

using PitchClassCounts = std::array<std::int64_t, 12>;  // C first

// The best share, over all 24 major and natural minor scales, of notes that lie in the scale; NaN
// without notes.
double scale_consistency(const PitchClassCounts& notes);

// Places of time at which notes begin, so many to a quarter, rounded to the nearest, halves up.
// `notes` sorted by onset.
std::vector<std::int64_t> onset_places(std::span<const Note> notes, int ticks_per_quarter,
                                       int places_per_quarter);

// 1 less the share of places at which two neighbouring bars differ in having an onset; bars of
// unequal length are not compared. NaN where none are. `places` rise (repeats do not count), bars
// lie one after the other. Wu and Yang, "The Jazz Transformer on the front line", ISMIR 2020.
struct PlaceBar {
    std::int64_t begin = 0, length = 0;  // in places
};
double groove_consistency(std::span<const std::int64_t> places, std::span<const PlaceBar> bars);
// The same with bars of one length from 0 on, as MusPy has them: as many as begin until `end`.
double groove_consistency(std::span<const std::int64_t> places, std::int64_t bar_length,
                          std::int64_t end);
// The piece's bars in places.
std::vector<PlaceBar> place_bars(std::span<const Bar> bars, int ticks_per_quarter,
                                 int places_per_quarter);

// When the notes end, in ticks, rising.
std::vector<std::int64_t> ends_of(std::span<const Note> notes);

// Time with one and with two or more notes sounding, in ticks. Own: a unison is two notes. `notes`
// sorted by onset, `ends` as ends_of has them.
struct SoundingTime {
    std::int64_t one = 0, more = 0;
};
SoundingTime sounding_time(std::span<const Note> notes, std::span<const std::int64_t> ends);

}  // namespace symphony::score
