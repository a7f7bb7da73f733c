// A guess at who plays what in a merged stream of notes, for schemes that do not tell. Source: own;
// order-preserving assignment by dynamic programming.
#pragma once

#include "symphony/tokens/grid_piece.h"

namespace symphony::tokens {

// Gives each note of a piece one of its parts, 0 the highest: the notes of one onset go to the
// voices in order of pitch, each voice moving little, and not before its note before has ended if
// another is free. Precondition: the notes are sorted by onset and falling pitch.
void guess_voices(GridPiece& piece);

}  // namespace symphony::tokens
