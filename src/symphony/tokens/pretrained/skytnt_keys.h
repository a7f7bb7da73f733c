// How version 2 of midi-model states keys: on each track, and guessed from the notes where the file
// states none. Source: see skytnt_events.h.
#pragma once

#include "symphony/tokens/pretrained/skytnt_tracks.h"

#include <optional>
#include <vector>

namespace symphony::tokens::skytnt {

// Sharps (-5 .. 6) of the major scale that the seven commonest pitch classes make, if these hold at
// least 70 % of the notes and make one. Drums do not count.
std::optional<int> guessed_sharps(const std::vector<Event>& events);

// Replaces the key events: where all say C (or none is there) by the guess, if there is one, at the
// start of every track; else, with `optimise`, by copies on the tracks that their own became.
void place_keys(std::vector<Event>& events, const TrackNumbers& numbers, bool optimise);

}  // namespace symphony::tokens::skytnt
