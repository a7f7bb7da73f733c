#include "symphony/tokens/miditok/token_grammar.h"

#include <algorithm>
#include <vector>

namespace symphony::tokens::miditok {

bool TokenGrammar::legal(TokenId id) const {
    if (ended_) return false;
    if (id == state_->end) return words_.may_end();
    if (id == state_->separator) return !state_->config.one_stream() && words_.may_end();
    const auto& meaning = state_->meanings[static_cast<std::size_t>(id)];
    if (meaning.words.empty()) return !after_boundary_;
    return words_.legal(meaning.words.front(), meaning.column);
}

void TokenGrammar::allowed(std::span<std::uint8_t> mask) const {
    std::fill(mask.begin(), mask.end(), std::uint8_t{0});
    if (ended_) return;
    if (!state_->subwords) {
        for (TokenId id = 0; id < state_->vocabulary.size(); ++id)
            mask[static_cast<std::size_t>(id)] = legal(id) ? 1 : 0;
        return;
    }
    // A sub-word is legal if its words are, one after another.
    const PieceTrie& trie = state_->trie;
    const auto look = [&](const WordGrammar& here, int node) {
        std::vector<int> inner;
        const auto [first, last] = trie.children(node);
        for (int child = first; child < last; ++child) {
            if (!here.legal(state_->words.word(trie.label(child)), 0)) continue;
            if (trie.piece(child) >= 0) mask[static_cast<std::size_t>(trie.piece(child))] = 1;
            const auto [first_below, last_below] = trie.children(child);
            if (first_below < last_below) inner.push_back(child);
        }
        return inner;
    };
    walk_pieces(
        trie, words_, look, [](const WordGrammar& here) { return here; },
        [&](WordGrammar& ahead, int label) { ahead.step(state_->words.word(label)); });
    for (const auto& [id, twin] : state_->twins)
        mask[static_cast<std::size_t>(id)] = mask[static_cast<std::size_t>(twin)];
    for (const TokenId id : state_->unspelled) mask[static_cast<std::size_t>(id)] = legal(id);
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
