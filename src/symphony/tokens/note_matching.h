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

// A note with its times on a clock, from the start of the piece.
struct TimedNote {
    std::size_t part = 0, note = 0;  // where it is in its score
    double onset = 0, end = 0;       // quarters or seconds
};

// The score's notes by onset.
std::vector<TimedNote> timed_notes(const score::Score& score, Clock clock);

struct NoteMatches {
    std::vector<std::ptrdiff_t> copies;  // for each note of the source its copy's index, -1: none
    double offset = 0;  // what the copy's times lack: schemes may leave out silence at the start
};

// Drums match drums only. Notes further apart than `window` (quarters or seconds) do not match.
// Both sorted by onset. Of the offsets that the first notes of all or of each pitch suggest, the
// one with most matches, then with the least movement; 0 if nothing speaks against it.
NoteMatches match_notes(const score::Score& source_score, const std::vector<TimedNote>& source,
                        const score::Score& copy_score, const std::vector<TimedNote>& copy,
                        double window);

}  // namespace symphony::tokens
