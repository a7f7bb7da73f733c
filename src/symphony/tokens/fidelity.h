// What a token scheme loses: a piece held against decode(encode(piece)), whatever the scheme.
// Source: own.
#pragma once

#include "symphony/score/score.h"
#include "symphony/tokens/event_matching.h"
#include "symphony/tokens/note_matching.h"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace symphony::tokens {

// Upper edges of the histogram of how far notes moved, in milliseconds; one more bin lies above.
inline constexpr std::array<double, 7> kMovedEdgesMs{0.5, 2, 5, 10, 20, 50, 100};
inline constexpr std::size_t kMovedBins = kMovedEdgesMs.size() + 1;

struct Fidelity {
    // Every note of the piece is kept, merged (its pitch sounds at its onset, but is not struck) or
    // dropped; `added` notes came back without having been there.
    std::int64_t notes = 0, kept = 0, merged = 0, dropped = 0, added = 0;
    // Of kept notes.
    std::array<std::int64_t, kMovedBins> moved{};  // by distance of the onsets; bin 0: not moved
    double moved_ms = 0, most_moved_ms = 0;        // sum, largest
    Kept lengths;                                  // within 10 ms or 5 %
    Kept velocities;                               // equal
    double velocity_difference = 0;                // sum of absolute differences
    Kept programs;                                 // of pitched notes
    Kept drums;                                    // notes for drums, kept as such
    // Kept, at most 10 ms moved, length and program as they were, velocity within 8.
    std::int64_t alike = 0;
    // Looked up at each source note; only where the source says something.
    Kept tempos;                  // within 3 %, about what can be heard
    double tempo_difference = 0;  // sum of the parts of it that they are off
    Kept meters;                  // metre and bar line before it
    Kept keys;
    Kept pedals, controls, bends, program_changes;  // see compare_events
    std::int64_t parts = 0, parts_after = 0;        // with notes

    void operator+=(const Fidelity& other);
};

// A note of the source, for showing.
struct MovedNote {
    std::size_t part = 0, note = 0;
    double ms = 0;  // later than it was, or earlier
};
struct LostNote {
    std::size_t part = 0, note = 0;
};

// Kept notes that moved by more than 10 ms, which one may hear.
std::int64_t far_moved(const Fidelity& fidelity);

struct PieceFidelity {
    Fidelity counts;
    std::vector<MovedNote> worst;        // a few, furthest first
    std::optional<LostNote> first_lost;  // the first in time that was merged or dropped
};

PieceFidelity measure_fidelity(const score::Score& source, const score::Score& copy, Clock clock);

}  // namespace symphony::tokens
