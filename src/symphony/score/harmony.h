// Which chord sounds, and in which key a piece is: used by tokens, statistics and evaluation alike.
#pragma once

#include "symphony/score/score.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace symphony::score {

enum class ChordQuality : std::uint8_t {
    kNone,
    kMajor,
    kMinor,
    kDiminished,
    kAugmented,
    kDominant7,
    kMajor7,
    kMinor7,
    kHalfDiminished7,
    kDiminished7,
    kSuspended4,
    kPower,
};
inline constexpr int kChordQualities = 12;

struct Chord {
    std::uint8_t root = 0;  // pitch class 0..11, 0 for kNone
    ChordQuality quality = ChordQuality::kNone;
    auto operator<=>(const Chord&) const = default;

    std::string name() const;              // "C:maj", "F#:m7", "none"
    bool contains(int pitch_class) const;  // is it a tone of the chord? (kNone contains nothing)
};

struct BeatChord {
    Ticks onset;
    Ticks length;
    Chord chord;
};

// How often harmony is read, whatever the metre calls its beat (beat_length): every quarter,
// or every three units where eighths or shorter come in threes (3/8, 6/8: a dotted quarter).
Ticks harmonic_beat(Meter meter, int ticks_per_quarter);

// The chord of each harmonic beat (cut at bar lines): the
// template whose tones best match the sounding pitch classes weighted by duration; the bass note
// breaks ties; drums are ignored; silence gives kNone. Source: duration-weighted template matching,
// own weights.
std::vector<BeatChord> beat_chords(const Score& score);

// Best chord for a weighted pitch-class profile; `bass` is the lowest sounding pitch class or -1.
Chord match_chord(const std::array<double, 12>& weight_by_pitch_class, int bass);

// How well a weighted pitch-class profile correlates (Pearson, -1..1) with the Krumhansl-Kessler
// profile of each of 24 keys: 2 * u + minor, where u is the tonic's pitch class of the major key,
// or of a minor key's relative major. All 0 for a profile without differences.
std::array<double, 24> key_correlations(const std::array<double, 12>& weight_by_pitch_class);
// The key at `index` of key_correlations, with six flats to five sharps.
Key key_of_correlation(std::size_t index);

// The key whose Krumhansl-Kessler profile correlates best with the duration-weighted pitch classes
// ("Cognitive Foundations of Musical Pitch", 1990). C major for a score without pitched notes.
Key estimate_key(const Score& score);

}  // namespace symphony::score
