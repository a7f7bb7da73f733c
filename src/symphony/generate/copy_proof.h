// Does a finished piece keep to a limit of copying?
#pragma once

#include "symphony/generate/limit_copying.h"
#include "symphony/score/score.h"
#include "symphony/tokens/stream_tokenizer.h"

#include <span>
#include <utility>

namespace symphony::generate {

// A take from its first composed bar on; the music goes through the tokens first.
bool take_keeps(const CopyLimit& limit, const tokens::Tokenizer& tokenizer,
                const score::Score& take, int first_bar);

// Music that was partly given: every match that holds a composed note. `open`: the composed cells,
// as TakeRecord::open has them (bar, part among those that play).
bool filling_keeps(CopyLimit limit, const tokens::StreamTokenizer& tokenizer,
                   const score::Score& filled, std::span<const std::pair<int, int>> open);

}  // namespace symphony::generate
