// Walks through a tokenizer's grammar: along a sequence, and at random.
#pragma once

#include "symphony/base/rng.h"
#include "symphony/tokens/tokenizer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace symphony::tests {

inline std::vector<std::string> token_names(const tokens::Tokenizer& tokenizer,
                                            std::span<const tokens::TokenId> ids) {
    std::vector<std::string> names;
    for (const tokens::TokenId id : ids) names.push_back(tokenizer.vocabulary().name(id));
    return names;
}

// Does the grammar take `ids` one after another, and end with the end token if that is the last?
inline testing::AssertionResult grammar_takes(const tokens::Tokenizer& tokenizer,
                                              std::span<const tokens::TokenId> ids) {
    const auto grammar = tokenizer.grammar();
    // A mask that is not wholly written shows.
    std::vector<std::uint8_t> mask(static_cast<std::size_t>(tokenizer.vocabulary().size()), 7);
    for (std::size_t i = 0; i < ids.size(); ++i) {
        grammar->allowed(mask);
        if (mask[static_cast<std::size_t>(ids[i])] != 1)
            return testing::AssertionFailure()
                   << "token " << i << " is refused, the last of "
                   << testing::PrintToString(token_names(tokenizer, ids.subspan(0, i + 1)));
        grammar->step(ids[i]);
    }
    const bool ends = !ids.empty() && ids.back() == tokenizer.end_token();
    if (grammar->ended() != ends)
        return testing::AssertionFailure() << (ends ? "not ended by the end token" : "ended early");
    return testing::AssertionSuccess();
}

// Chooses of the legal tokens (ascending, at least one) the next, given what was walked so far.
using Choice = std::function<tokens::TokenId(
    const tokens::Grammar& grammar, std::span<const tokens::TokenId> walked,
    const std::vector<tokens::TokenId>& legal, base::Rng& rng)>;

inline tokens::TokenId any_of_legal(const tokens::Grammar&, std::span<const tokens::TokenId>,
                                    const std::vector<tokens::TokenId>& legal, base::Rng& rng) {
    return legal[rng.below(legal.size())];
}

// A walk from the start to the end token or to `longest` tokens; a dead end fails the test.
inline std::vector<tokens::TokenId> random_walk(const tokens::Tokenizer& tokenizer,
                                                std::uint64_t seed, std::size_t longest,
                                                const Choice& choose = any_of_legal) {
    base::Rng rng(seed, "walk");
    const auto grammar = tokenizer.grammar();
    std::vector<std::uint8_t> mask(static_cast<std::size_t>(tokenizer.vocabulary().size()));
    std::vector<tokens::TokenId> ids, legal;
    while (!grammar->ended() && ids.size() < longest) {
        grammar->allowed(mask);
        legal.clear();
        for (std::size_t id = 0; id < mask.size(); ++id)
            if (mask[id] != 0) legal.push_back(static_cast<tokens::TokenId>(id));
        if (legal.empty()) {
            ADD_FAILURE() << "dead end after "
                          << testing::PrintToString(token_names(tokenizer, ids));
            break;
        }
        ids.push_back(choose(*grammar, ids, legal, rng));
        grammar->step(ids.back());
    }
    return ids;
}

// Every note lasts, and has a pitch and a velocity that MIDI has.
inline void expect_notes_valid(const score::Score& score) {
    for (const score::Part& part : score.parts)
        for (const score::Note& note : part.notes) {
            ASSERT_GT(note.duration, score::Ticks(0));
            ASSERT_LT(note.pitch, score::kPitches);
            ASSERT_GE(note.velocity, 1);
            ASSERT_LT(note.velocity, 128);
        }
}

}  // namespace symphony::tests
