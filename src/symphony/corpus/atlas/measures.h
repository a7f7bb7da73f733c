// What one piece is like, in named numbers: for comparing groups and for finding outliers. Formulas
// and sources of each: docs/atlas.md.
#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace symphony::corpus {

enum class Measure : std::size_t {
    kLengthBars,
    kParts,
    kNotesPerQuarter,
    kNoteLength,
    kLengthEntropy,
    kPitchRange,
    kPitches,
    kPitchEntropy,
    kPitchClassEntropy,
    kScaleConsistency,
    kKeyClarity,
    kHomeKeyShare,
    kKeyChanges,
    kChordChanges,
    kChordEntropy,
    kDiatonicChords,
    kPolyphony,
    kPolyphonyRate,
    kMeanInterval,
    kLeapShare,
    kGroove,
    kSyncopation,
    kTripletShare,
    kOffGrid,
    kEmptyBeats,
    kEmptyBars,
    kDrumsOnSixteenths,
    kRepeatedBars,
    kSectionBars,
    kTempo,
    kVelocitySpread,
};
inline constexpr std::size_t kMeasures = 31;

struct MeasureInfo {
    const char* name;     // "pitch-range"
    const char* title;    // "Pitch range"
    const char* unit;     // "semitones"
    double least_spread;  // in the unit: spreads below are taken as this, see outliers.h
};

// In order of Measure.
std::span<const MeasureInfo, kMeasures> measure_table();

// NaN where the piece has no such value (no drums, too short).
using Measures = std::array<double, kMeasures>;

}  // namespace symphony::corpus
