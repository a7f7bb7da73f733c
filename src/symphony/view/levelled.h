// Music made equal in everything but its notes, so that nothing else tells blind excerpts apart.
#pragma once

#include "symphony/score/score.h"

#include <span>
#include <vector>

namespace symphony::view {

// The same notes with one instrument (General MIDI), velocity and tempo for all: drums stay drums;
// controls, bends, names and texts go. Parts stand from high to low.
score::Score levelled(const score::Score& score, int program, double quarters_per_minute);

// An organ where most pieces are in four parts without drums, else a piano. General MIDI program.
int usual_program(std::span<const score::Score* const> scores);

// The middle one of the tempos, within 50 to 140 quarters a minute; 80 if there is none.
double usual_tempo(std::vector<double> tempos);

}  // namespace symphony::view
