#include "symphony/tokens/miditok/token_grammar.h"

namespace symphony::tokens::miditok {

bool TokenGrammar::legal(TokenId id) const {
    if (ended_) return false;
    if (id == state_->end) return words_.may_end();
    if (id == state_->separator) return !state_->config.one_stream() && words_.may_end();
    const auto& meaning = state_->meanings[static_cast<std::size_t>(id)];
    if (meaning.words.empty()) return !after_boundary_;
    if (!words_.legal(meaning.words.front(), meaning.column)) return false;
    if (meaning.words.size() == 1) return true;
    // A sub-word is legal if its words are, one after another.
    WordGrammar ahead = words_;
    for (const Word& word : meaning.words) {
        if (!ahead.legal(word, 0)) return false;
        ahead.step(word);
    }
    return true;
}

void TokenGrammar::allowed(std::span<std::uint8_t> mask) const {
    for (TokenId id = 0; id < state_->vocabulary.size(); ++id)
        mask[static_cast<std::size_t>(id)] = legal(id) ? 1 : 0;
}

void TokenGrammar::step(TokenId id) {
    if (id == state_->end) {
        ended_ = true;
    } else if (id == state_->separator) {
        words_.begin_stream();
    } else {
        const auto& meaning = state_->meanings[static_cast<std::size_t>(id)];
        after_boundary_ = meaning.words.empty();
        for (const Word& word : meaning.words) words_.step(word);
    }
}

}  // namespace symphony::tokens::miditok
