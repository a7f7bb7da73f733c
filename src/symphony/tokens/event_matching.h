// How many of a piece's control changes, bends and program changes come back in a copy of it: what
// changes something, near in time and in value. Source: own.
#pragma once

#include "symphony/score/score.h"
#include "symphony/tokens/note_matching.h"

#include <cstdint>
#include <vector>

namespace symphony::tokens {

// A count of things in the piece and of those that came back.
struct Kept {
    std::int64_t all = 0, kept = 0;
    void operator+=(const Kept& other) {
        all += other.all;
        kept += other.kept;
    }
};

// 0 of nothing.
inline double share(std::int64_t part, std::int64_t all) {
    return all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all);
}
inline double share(const Kept& kept) { return share(kept.kept, kept.all); }

struct EventsKept {
    Kept pedals;    // sustain pedal, down or up
    Kept controls;  // every other controller, values within 8
    Kept bends;     // within 512 of 8192
    Kept programs;  // equal
};

// Only what changes the value in force in its part counts, on either side: a piece that says the
// same volume in every bar says it once, and not at all if it is what General MIDI begins with
// (volume 100, pan 64, expression 127, else 0; the part's own program). A change is kept if the
// copy has one of the same kind in any part, at most an eighth of a quarter (on the clock of
// seconds: 60 ms) away, each used once. `offset` (as match_notes gives it) is added to the copy's
// times. What comes before the source's first note is taken to come with it.
EventsKept compare_events(const score::Score& source, const score::Score& copy, Clock clock,
                          double offset = 0);

}  // namespace symphony::tokens
