// Pure operations on scores: a new Score comes back, the argument is left alone.
#pragma once

#include "symphony/score/score.h"

#include <optional>

namespace symphony::score {

// Every pitched note and key moved by `semitones`; nothing if a pitch would leave 0..127. Drums
// stay.
std::optional<Score> transposed(const Score& score, int semitones);

// The key `semitones` above; of enharmonic pairs, the one with fewer accidentals (six flats rather
// than six sharps).
Key transposed(Key key, int semitones);

// `at` counted in ticks of another size, rounded to the nearest, halves up. Precondition: at >= 0.
Ticks rescaled(Ticks at, int from_ticks_per_quarter, int to_ticks_per_quarter);

// All times rounded to the nearest multiple of 1/`steps_per_quarter` of a quarter and expressed at
// that resolution (ticks_per_quarter = steps_per_quarter). Notes keep at least one step. Equal
// notes of one part that fall together are kept.
Score quantised(const Score& score, int steps_per_quarter);

// The bars [first, last) with everything in them, moved to tick 0; notes are cut at the edges,
// tempo, metre, key and controls in force at the start are carried in.
Score excerpt(const Score& score, std::size_t first_bar, std::size_t last_bar);

// The same music at another resolution (times scaled and rounded).
Score with_resolution(const Score& score, int ticks_per_quarter);

}  // namespace symphony::score
