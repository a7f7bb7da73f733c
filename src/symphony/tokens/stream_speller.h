// Spells a piece on the grid as token ids, for the schemes remi and note; parts of it can be told
// ahead, as given, while the rest is composed. Source: own; telling ahead is after the interleaved
// controls of the Anticipatory Music Transformer (Thickstun et al. 2023), by bars in place of time.
#pragma once

#include "symphony/tokens/layout.h"
#include "symphony/tokens/tokenizer.h"

#include <vector>

namespace symphony::tokens {

// Which notes of a piece are given: those that begin in bar b and part p where cells[b][p].
struct GivenCells {
    std::vector<std::vector<bool>> cells;  // [bar][part]
    // Before a bar come the given notes of itself and of so many bars with given notes after it
    // (none more than kMaxGivenAhead bars away).
    int bars_ahead = 2;
};

// Appends the piece's ids and sources. Precondition: `piece` is conformed to the layout.
void spell(const Layout& layout, const GridPiece& piece, Encoded& out);
// The same with the given notes told ahead of the bars around them, and not in their place.
// Precondition: the layout has Given tokens, and `given` has as many bars and parts as the piece.
void spell_with_given(const Layout& layout, const GridPiece& piece, const GivenCells& given,
                      Encoded& out);

}  // namespace symphony::tokens
