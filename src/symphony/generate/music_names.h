// Keys and metres as people type them.
#pragma once

#include "symphony/score/score.h"

#include <string>
#include <string_view>

namespace symphony::generate {

// "G major", "G", "f# minor", "F#m", "Bb", "Eb-minor", "am". A capital or lower-case letter does
// not tell the mode. Throws Error (kUsage) for anything else and for keys with more than seven
// accidentals.
score::Key parse_key(std::string_view text);

// "3/4": numerator 1..255, denominator a power of two up to 128. Throws Error (kUsage).
score::Meter parse_meter(std::string_view text);
std::string meter_text(score::Meter meter);  // "3/4"

// Does a word name this player: by its class of names ("Violin"), its General MIDI instrument, its
// program number, or as "drums"?
bool names_player(std::string_view word, bool is_drums, int program, std::string_view name_class);

}  // namespace symphony::generate
