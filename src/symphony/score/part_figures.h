// What one part's notes say about it. Own.
#pragma once

#include "symphony/score/score.h"

#include <span>

namespace symphony::score {

// 0 without notes.
double mean_pitch(std::span<const Note> notes);

// Does it sound at most one note at a time? Precondition: sorted by onset, as in a Part.
bool is_monophonic(std::span<const Note> notes);

}  // namespace symphony::score
