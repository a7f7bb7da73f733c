// Which note of one piece is which note of another that was made from it: same pitch, nearest in
// time, each at most once. Source: own.
#pragma once

#include "symphony/score/score.h"
#include "symphony/score/time_map.h"

#include <cstdint>
#include <vector>

namespace symphony::tokens {

// On which clock two versions of a piece run alike. A scheme of bars keeps beats and may round the
// tempo; one of milliseconds keeps seconds and forgets the beats.
enum class Clock : std::uint8_t { kBeats, kSeconds };

// A note with its times on a clock, from the first note on.
struct TimedNote {
    std::size_t part = 0, note = 0;  // where it is in its score
    double onset = 0, end = 0;       // quarters or seconds
};

// The score's notes by onset. Schemes may leave out the silence before the first note.
std::vector<TimedNote> timed_notes(const score::Score& score, Clock clock);

// How far the lengths of two pieces are apart on a clock: |log ratio| of the time from the first
// onset to the last. 0 where either has fewer than two onsets.
double length_error(const score::Score& a, const score::Score& b, Clock clock);

// For each of `source` the index in `copy` of its match, -1 for none; drums match drums only. Notes
// further apart than `window` (quarters or seconds) do not match. Both sorted by onset.
std::vector<std::ptrdiff_t> match_notes(const score::Score& source_score,
                                        const std::vector<TimedNote>& source,
                                        const score::Score& copy_score,
                                        const std::vector<TimedNote>& copy, double window);

}  // namespace symphony::tokens
