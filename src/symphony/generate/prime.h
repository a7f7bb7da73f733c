// The beginning of a piece that the user gives, as tokens that a take goes on from.
#pragma once

#include "symphony/score/score.h"
#include "symphony/tokens/tokenizer.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace symphony::generate {

struct Prime {
    std::vector<tokens::TokenId> ids;  // without the end token; the last bar is whole
    int bars = 0;
    std::string name;  // of the source, for the provenance
    // The opening as it was given, tempo changes inside it included: tokens hold classes of tempo
    // only, so a take gets these back. Empty where the source states none.
    std::vector<score::TempoChange> tempos;
    int ticks_per_quarter = 0;  // of `tempos`
    // What else the tokens do not hold of it: tokens::Encoded::losses without those of tempo.
    std::map<std::string, std::int64_t> losses;
};

// The first `bars` bars of `source` (fewer if it is shorter), encoded so that they open a piece of
// `total_bars` bars: its Bar tokens count down to that end. Key, metre, tempo and parts stay the
// source's; a missing key is estimated from the whole source. `unseen` (may be empty) marks ids
// that training never had. Throws Error (kInput) with a hint for an instrument, drum or metre that
// the tokenizer does not know or the model never saw, and for an empty prime, (kUsage) if nothing
// is left to compose.
Prime make_prime(const tokens::Tokenizer& tokenizer, const score::Score& source, int bars,
                 int total_bars, const std::string& name,
                 std::span<const std::uint8_t> unseen = {});
// The model can read this music: its players, drums and metres were in training. Throws Error
// (kInput) naming `name`, with a hint. `encoded` is the music in tokens.
void require_known_music(const tokens::Tokenizer& tokenizer, const score::Score& music,
                         const tokens::Encoded& encoded, std::span<const std::uint8_t> unseen,
                         const std::string& name);
// `take`, which begins with the prime, at the prime's own tempos where it states any.
void keep_tempos(const Prime& prime, score::Score& take);

}  // namespace symphony::generate
