// Voice leading of four-part music: what a teacher marks in red, with the place of each. Rules as
// in Aldwell and Schachter, "Harmony and Voice Leading", chapters 5 and 6; real Bach breaks them
// too, so figures are only read beside his.
#pragma once

#include "symphony/base/json.h"
#include "symphony/score/score.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symphony::evaluate {

enum class VoiceFault : std::uint8_t {
    kParallelFifths,   // a perfect fifth moves to a perfect fifth, both voices in one direction
    kParallelOctaves,  // the same with octaves and unisons
    kCrossing,         // a lower voice sounds above a higher one (counted where it begins)
    kRange,            // a note outside its voice's range
    kLeap,             // a melodic step wider than a fifth; in the bass, an octave is allowed
};
inline constexpr int kVoiceFaults = 5;
std::string_view voice_fault_name(VoiceFault fault);  // "parallel fifths", ...

struct VoiceFaultAt {
    VoiceFault fault = VoiceFault::kParallelFifths;
    score::Ticks onset;   // where it arrives
    int bar = 0;          // 1 is the first bar of the piece
    double beat = 0;      // 1 is the bar's first beat (of the metre's denominator)
    int upper_voice = 0;  // 0 soprano .. 3 bass
    int lower_voice = 0;  // equal to upper_voice where one voice is at fault
    bool operator==(const VoiceFaultAt&) const = default;
};

struct VoiceLeading {
    std::int64_t chords = 0;  // moments at which a note begins and all four voices sound
    std::array<std::int64_t, kVoiceFaults> counts{};
    std::vector<VoiceFaultAt> faults;  // in time order

    double per_100_chords(VoiceFault fault) const;
    VoiceLeading& operator+=(const VoiceLeading& other);  // sums; places are not kept
    bool operator==(const VoiceLeading&) const = default;
};

// Nothing unless the score has exactly four pitched parts with notes, each with one note at a time.
// Voices are the parts from high to low by mean pitch.
std::optional<VoiceLeading> analyse_voice_leading(const score::Score& score);

base::Json to_json(const VoiceLeading& result);
VoiceLeading voice_leading_from_json(const base::Json& json);

}  // namespace symphony::evaluate
