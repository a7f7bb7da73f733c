// Do the bar lines fit the music? MIDI files that do not mark an upbeat have every bar line
// shifted, and files whose metre nobody set say 4/4 whatever they hold. Every place a bar line
// could have, and beside 4/4 the metres in three, are compared by how the music is accented there;
// a conditional logit says how probable each is. Source: own; the accents are in accents.h, the
// weights were fitted by tools/fit_bar_lines.py (docs/corpus.md says on what).
#pragma once

#include "symphony/corpus/accents.h"
#include "symphony/score/score.h"

#include <array>
#include <string>
#include <vector>

namespace symphony::corpus {

// One way to bar the music: a bar line `phase` units after the present ones, and every
// units_per_bar from there.
struct Barring {
    score::Meter meter;
    int units_per_bar = 0, units_per_beat = 0;
    int phase = 0;
};

// Each kind of accent at eight places of the bar, and where the music ends, and the metre.
inline constexpr int kBarringFeatures = 8 * kAccents + 4;
using BarringFeatures = std::array<double, kBarringFeatures>;

// What is compared: the present barring first, then its shifts, then those in three.
std::vector<Barring> barrings_for(const Accents& accents);
BarringFeatures features_of(const Accents& accents, const Barring& barring);

struct BarFit {
    bool fits = true;       // or too little is known: leave the bar lines where they are
    double confidence = 0;  // 0..1: how probable the proposal is; where it fits, the present one
    double shift_quarters = 0;  // proposal: how far after the present bar lines the true ones lie
    score::Meter meter;         // proposal: the metre; as it is unless given 4/4 or none
    bool changes_meter = false;

    // "bar lines lie 1 quarter early" or "the music is in 3/4, not 4/4"; empty where it fits.
    std::string words() const;
};

// `bars` as score::bars_of gives them. Fewer than eight bars of one metre always fit.
BarFit bar_fit(const score::Score& score, const std::vector<score::Bar>& bars);

}  // namespace symphony::corpus
