// The voices of a staff: who writes which note. Source: own.
#pragma once

#include "symphony/io/musicxml_notation.h"

namespace symphony::io::musicxml {

inline constexpr std::size_t kMaxLayers = 4;

// Fills staff.layers: at most kMaxLayers, each without overlap but for the last. Notes keep the
// voice they were given; others go where they lie nearest, high ones into the first. `first_voice`
// numbers layers without a given voice. Precondition: notes are sorted.
void assign_voices(Staff& staff, int first_voice);

}  // namespace symphony::io::musicxml
