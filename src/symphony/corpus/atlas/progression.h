// Chords as steps of their key: the Roman numerals of harmonic analysis, and cadences. Chords are
// read beat by beat (score/harmony.h), equal neighbours joined; the key is that of the key plan.
#pragma once

#include "symphony/corpus/atlas/key_plan.h"
#include "symphony/corpus/atlas/tally.h"
#include "symphony/score/harmony.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace symphony::corpus {

struct RomanChord {
    std::uint8_t degree = 0;  // semitones of the root above the tonic, 0..11
    score::ChordQuality quality = score::ChordQuality::kNone;
    bool operator==(const RomanChord&) const = default;

    // "V7", "ii", "viio", "bVI": capitals for chords with a major third (or none), b and # against
    // the scale of the mode (minor: the natural one), o diminished, h half-diminished, + augmented.
    std::string name(bool minor) const;
};

// The chords of one key region without equal neighbours; silence is left out.
struct Progression {
    bool minor = false;
    std::vector<RomanChord> chords;
    std::vector<std::int32_t> bars;  // of each chord's beginning
    bool operator==(const Progression&) const = default;
};

std::vector<Progression> progressions_of(std::span<const score::BeatChord> beats,
                                         std::span<const score::Bar> bars, const KeyPlan& plan);

// Does a chord's every tone lie in the key's scale? Minor: natural, harmonic or melodic.
bool is_diatonic(const RomanChord& chord, bool minor);

// How phrases end, by the last two different chords at each phrase mark and at the end of the
// piece, in the key of that bar: "authentic" (V or vii to I), "plagal" (IV to I), "half" (to V),
// "deceptive" (V to VI), "other". Terms as in Caplin, "Classical Form", 1998; chords only, bass and
// melody are not looked at.
NameTally cadences_of(const score::Score& score, std::span<const score::BeatChord> beats,
                      std::span<const score::Bar> bars, const KeyPlan& plan);

}  // namespace symphony::corpus
