// The beginning of a piece that the user gives, as tokens that a take goes on from.
#pragma once

#include "symphony/score/score.h"
#include "symphony/tokens/tokenizer.h"

#include <string>
#include <vector>

namespace symphony::generate {

struct Prime {
    std::vector<tokens::TokenId> ids;  // without the end token; the last bar is whole
    int bars = 0;
    std::string name;  // of the source, for the provenance
};

// The first `bars` bars of `source` (fewer if it is shorter), encoded so that they open a piece of
// `total_bars` bars: its Bar tokens count down to that end. Key, metre, tempo and parts stay the
// source's; a missing key is estimated from the whole source. Throws Error (kInput) with a hint for
// an instrument that the tokenizer does not know and for an empty prime, (kUsage) if nothing is
// left to compose.
Prime make_prime(const tokens::Tokenizer& tokenizer, const score::Score& source, int bars,
                 int total_bars, const std::string& name);

}  // namespace symphony::generate
