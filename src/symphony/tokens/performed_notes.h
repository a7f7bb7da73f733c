// The pitched notes of a score in seconds, with the sustain pedal put into their lengths. Source:
// note-seq's rule for the pedal (Apache-2.0).
#pragma once

#include "symphony/score/score.h"
#include "symphony/tokens/tokenizer.h"

#include <vector>

namespace symphony::tokens {

struct PerformedNote {
    double onset = 0, end = 0;  // seconds, end >= onset
    int pitch = 60, velocity = 64;
    TokenSource source;
};

// Sorted by onset and pitch; drums are left out. The pedal of a part holds its own notes: those
// that end while it is down (controller 64 at 64 or more) sound until it is let go or to the end of
// the part; while it is down a strike ends what its pitch sounded, and all of it if that began
// there.
std::vector<PerformedNote> performed_notes(const score::Score& score);

}  // namespace symphony::tokens
