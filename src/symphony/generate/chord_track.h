// A plan of chords over the bars, as people write it: "C | Am7 | F G |". Source: common usage.
#pragma once

#include "symphony/score/harmony.h"

#include <string>
#include <string_view>
#include <vector>

namespace symphony::generate {

// "C", "Am", "F#m7", "Bb7", "Gmaj7", "Bdim", "Co7", "Em7b5", "Caug", "Dsus4", "G5"; a bass after a
// slash is read and dropped; "-" or "N.C." is no chord (anything may sound). Throws Error (kUsage).
score::Chord parse_chord(std::string_view text);

class ChordTrack {
  public:
    // Bars between bars lines; the chords of a bar share it equally. Begins anew when it is over.
    // Throws Error (kUsage) for an empty track or an unknown chord.
    static ChordTrack parse(std::string_view text);
    // The chords that sound in a piece, beat by beat. Throws Error (kInput) if it has no note.
    static ChordTrack of(const score::Score& score);

    // The chord in force in bar `bar` (from 0) at a share 0 <= x < 1 of it.
    score::Chord at(int bar, double share) const;
    // In the same notation, one bar a stroke.
    std::string text() const;

  private:
    struct Change {
        double share = 0;  // of the bar, from which on it is in force
        score::Chord chord;
    };
    std::vector<std::vector<Change>> bars_;  // at least one, none empty
};

}  // namespace symphony::generate
