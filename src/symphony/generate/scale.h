// Scales as people name them. Source: common usage.
#pragma once

#include <bitset>
#include <string>
#include <string_view>

namespace symphony::generate {

using PitchClasses = std::bitset<12>;  // [0] is C

struct Scale {
    std::string name;  // "D dorian"
    PitchClasses pitch_classes;
};

// "G major", "A minor" (natural), "E harmonic minor", "A melodic minor" (ascending), "D dorian" and
// the other church modes, "F major pentatonic", "A minor pentatonic", "A blues", "C whole tone",
// "C chromatic"; "G" and "Gm" as keys are written. Throws Error (kUsage) for anything else, with
// the modes there are.
Scale parse_scale(std::string_view text);

// "C", "f#", "Bb": 0..11, and how many characters it took; -1 if the text begins otherwise.
int parse_pitch_class(std::string_view text, std::size_t& length);

}  // namespace symphony::generate
