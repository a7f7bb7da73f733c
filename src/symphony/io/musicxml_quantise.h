// Times of a score as notation can write them. Source: own.
#pragma once

#include "symphony/score/score.h"

#include <cstdint>
#include <string>

namespace symphony::io::musicxml {

struct Quantised {
    score::Score score;  // at kUnits per quarter, with bars to its end
    std::uint64_t notes_moved = 0;
    double largest_move_quarters = 0;
    bool is_performed = false;  // the whole piece was off the beat and was moved

    std::string summary()
        const;  // "12 of 40 notes moved to 32nds or ..., by at most 0.04 quarters"
};

// Onsets and ends on 64ths, or on tuplets of 3 to 13, of their bar stay where they are. Where fewer
// than seven onsets in ten of the piece fall on 32nds, 16th triplets or plain tuplets, it was
// played rather than written: every beat of each part is then moved to 16ths, or to triplets of
// eighths where those fit it better. Otherwise stray notes go to the nearest 32nd or 16th triplet.
// Notes keep a length.
Quantised quantised_for_notation(const score::Score& score);

}  // namespace symphony::io::musicxml
