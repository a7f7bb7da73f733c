// Pitches, lengths, dynamics and places as musicians say them. Source: own.
#pragma once

#include "symphony/score/score.h"

#include <cstdint>
#include <string>

namespace symphony::tokens {

// "F#4" or "Gb4" for 66, as the key spells it: from three flats to eight sharps off its signature,
// so that the leading notes of both modes come out right.
std::string spelled_pitch(int pitch, score::Key key);

// "quarter", "dotted half", "eighth triplet"; ties as "half + eighth"; "7/24 quarter" where no note
// value fits.
std::string length_words(std::int64_t steps, int steps_per_quarter);

// "ppp" .. "fff".
std::string dynamic_mark(int velocity);

}  // namespace symphony::tokens
