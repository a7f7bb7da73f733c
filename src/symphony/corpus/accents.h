// How strongly each half beat of a piece is accented, ten ways: what bar lines are estimated
// from. Source: own; the kinds of accent are those of Lerdahl and Jackendoff, "A Generative Theory
// of Tonal Music" (1983), metrical preference rules 3 to 6.
#pragma once

#include "symphony/score/score.h"

#include <array>
#include <vector>

namespace symphony::corpus {

enum class Accent : int {
    kOnsets,     // notes that begin
    kLength,     // of all notes that begin, together
    kLongest,    // of them
    kBass,       // length of the lowest note, where it begins here
    kHarmony,    // how different the pitch classes after are from those before, 0..1
    kHeld,       // notes that were there before and go on
    kVelocity,   // of the notes that begin, above the mean
    kBassFifth,  // 1 where the bass moves here by a fourth or a fifth, else 0
    kRepeated,   // share of the notes that begin whose pitch has just ended
    kTopLeap,    // semitones that the highest note moves here, at most an octave
};
inline constexpr int kAccents = 10;
using AccentRow = std::array<double, kAccents>;

// Bars of one metre, end to end.
struct AccentRun {
    std::vector<AccentRow> at;  // each unit from the first bar line on; whole bars
};

struct Accents {
    score::Meter meter;     // the commonest, the one the runs are in
    double unit_ticks = 0;  // an eighth, or a notated unit where that is shorter
    int units_per_bar = 0;  // 0: the metre is no whole number of units, nothing is measured
    std::vector<AccentRun> runs;
    std::size_t bars = 0;      // in all runs
    int last_onset_unit = -1;  // units after its bar line at which the last notes begin; -1: off
                               // the grid or outside the runs
    std::size_t last_onset_at = 0;  // the same, counted from the beginning of the last run
};

// `bars` as score::bars_of gives them. Drums are left out.
Accents accents_of(const score::Score& score, const std::vector<score::Bar>& bars);

}  // namespace symphony::corpus
