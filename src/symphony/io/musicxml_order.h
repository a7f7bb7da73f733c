// The order in which measures are played: repeats, endings, da capo, dal segno, fine and coda.
#pragma once

#include "symphony/io/musicxml_model.h"

#include <vector>

namespace symphony::io::musicxml {

struct PlayOrder {
    std::vector<int> measures;  // indices in the order played
    bool was_cut = false;       // the signs ask for more than kMaxExpansion times the music
};

inline constexpr int kMaxExpansion = 16;

// Each of `spans` (none: all measures as one) is unfolded by itself. Repeats are not taken again
// after a da capo or dal segno; the last ending is then played.
PlayOrder performed_order(const std::vector<RawMeasure>& measures,
                          const std::vector<Span>& spans = {});

PlayOrder written_order(const std::vector<RawMeasure>& measures);

}  // namespace symphony::io::musicxml
