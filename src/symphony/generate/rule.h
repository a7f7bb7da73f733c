// What the user asks of a take, as objects that narrow the grammar's mask before each draw and are
// told of each token taken.
#pragma once

#include "symphony/score/score.h"
#include "symphony/tokens/tokenizer.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace symphony::generate {

// Where a take stands: what a rule may look at.
struct Moment {
    const tokens::Tokenizer& tokenizer;
    const tokens::Grammar& grammar;
    std::span<const tokens::TokenId> ids;  // so far
};

class Rule {
  public:
    virtual ~Rule() = default;
    // Clears mask[id] for ids that the rule forbids now. It may clear all: a dead end.
    virtual void apply(const Moment& moment, std::span<std::uint8_t> mask) = 0;
    // Is `id`, which was drawn, forbidden after all? For rules that are too dear to ask about every
    // id: another one is drawn then.
    virtual bool vetoes(const Moment&, tokens::TokenId /*id*/) { return false; }
    // Told of each token taken, in order.
    virtual void step(tokens::TokenId id) = 0;
    // Back to before the first token.
    virtual void reset() = 0;
};

// Forbids ids that never occurred in training: the model learned nothing of them.
// unseen[id] = 1: forbidden.
std::unique_ptr<Rule> forbid_unseen(std::vector<std::uint8_t> unseen);

// Forbids these.
std::unique_ptr<Rule> forbid(std::vector<tokens::TokenId> ids);

// Takes `asked` at the first moment it is legal and forbids the rest of its `family` (all key
// tokens, say) from then on.
std::unique_ptr<Rule> force_token(tokens::TokenId asked, std::vector<tokens::TokenId> family);

// Forbids `family` once `after_tokens` tokens were taken: a prime's key, metre and tempo are kept.
std::unique_ptr<Rule> keep_as_begun(std::vector<tokens::TokenId> family, std::size_t after_tokens);

// Exactly `bars` bars: the Bar tokens count down to it, none follows the last, and the end token
// comes only in the last bar. Whether the music ends properly there is judged when it comes (see
// ends_properly): a bar that does not is composed anew.
std::unique_ptr<Rule> end_after(int bars, const tokens::Tokenizer& tokenizer);

// Against endless bars: after `limit` tokens inside one bar, only Bar and end tokens, if legal.
std::unique_ptr<Rule> limit_bar_length(int limit, const tokens::Tokenizer& tokenizer);

// What opens each bar of music that is partly given: notes told ahead, the Bar token, its metre and
// length, all decided beforehand.
struct Script {
    // [0] opens the first bar that is composed; the last one leads out of the last such bar (a Bar
    // or the end token).
    std::vector<std::vector<tokens::TokenId>> openings;
    // Before the first bar parts are declared until there are at least and at most so many.
    int least_parts = 0, most_parts = 0;
};
// Forces the openings of the bars after the first `bars_before`, and lets no other token leave a
// bar. To be asked last: what it forces is not for other rules to forbid.
std::unique_ptr<Rule> follow_script(const Script& script, int bars_before,
                                    const tokens::Tokenizer& tokenizer);

// All ids that the tokenizer uses for keys, metres, tempos and bars; empty where the scheme has
// none.
std::vector<tokens::TokenId> key_tokens(const tokens::Tokenizer& tokenizer);
std::vector<tokens::TokenId> meter_tokens(const tokens::Tokenizer& tokenizer);
std::vector<tokens::TokenId> tempo_tokens(const tokens::Tokenizer& tokenizer);
std::vector<tokens::TokenId> bar_tokens(const tokens::Tokenizer& tokenizer);
std::vector<tokens::TokenId> given_tokens(const tokens::Tokenizer& tokenizer);

// The metres that the tokenizer can write: those with a token, or the only one of its music.
std::vector<score::Meter> known_meters(const tokens::Tokenizer& tokenizer);

// Who must be in the last chord: all that sound in the last two bars, as in a chorale, or in the
// last one, as in a song whose piano closes alone.
enum class Close { kTogether, kWhoeverIsLeft };
// Do those parts release together in the last bar, after a last chord of at least a beat?
bool ends_properly(const score::Score& score, Close close = Close::kTogether);
// The same music with its last chord held: in those parts, what begins within the last beat of the
// last bar is left out, and the last note is held to the bar's end.
score::Score with_held_last_chord(score::Score score);

}  // namespace symphony::generate
