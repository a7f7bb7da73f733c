// Metre as it is played: where in the bar notes begin, how far rhythm goes against the metre, how
// beats are divided.
#pragma once

#include "symphony/corpus/atlas/tally.h"
#include "symphony/score/score.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace symphony::corpus {

// Places in a bar are counted in sixteenths; positions off that grid have no weight.
inline constexpr int kPlacesPerQuarter = 4;

// The weight of each sixteenth of a bar: 0 on the bar line, one less for every level of the metre
// below (4/4: half bar -1, quarters -2, eighths -3, sixteenths -4; 6/8: dotted quarter -1, eighths
// -2, sixteenths -3). Longuet-Higgins and Lee, "The rhythmic interpretation of monophonic music",
// Music Perception 1984. Metres without an even division (5/4, 7/8): beats -1 and so on down.
std::vector<int> metrical_weights(score::Meter meter);

struct RhythmStatistics {
    // Per metre ("3/4"), the place of each onset after the bar line, in quarters rounded to 1/24.
    std::map<std::string, Tally> onset_profile;
    // Syncopation: of the onsets on the sixteenth grid of each part, those after which the part
    // has no onset until a heavier place has passed; strength: how many levels heavier.
    std::int64_t weighed_onsets = 0, syncopated_onsets = 0, syncopation_levels = 0;
    // In metres whose beat is divided in two: onsets, and those on thirds of a beat.
    std::int64_t simple_onsets = 0, triplet_onsets = 0;
    // Of beats divided once: first part through second, rounded to 1/20. 1: even, 2: triplet swing.
    // (Beat-upbeat ratio: Friberg and Sundström, "Swing ratios and ensemble timing in jazz
    // performance", Music Perception 2002.)
    Tally swing_ratio;
    bool operator==(const RhythmStatistics&) const = default;

    double syncopation() const;  // levels per onset weighed; NaN without one
    double triplet_share() const;
};

RhythmStatistics rhythm_of(const score::Score& score, std::span<const score::Bar> bars);

}  // namespace symphony::corpus
