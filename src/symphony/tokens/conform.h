// Brings a piece to the values that a layout has tokens for; every change is a counted loss.
// Source: own.
#pragma once

#include "symphony/tokens/layout.h"

namespace symphony::tokens {

// Loss codes: part-replaced, part-dropped (counts notes), role-replaced, pitch-dropped,
// drum-dropped, velocity-rounded, meter-replaced, tempo-rounded, tempo-replaced, phrase-dropped.
// What comes out is spelled by the layout's tokens exactly.
void conform(GridPiece& piece, const LayoutValues& values);

}  // namespace symphony::tokens
