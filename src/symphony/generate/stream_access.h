// The grammar and the layout behind the tokens of our own schemes, for rules that ask what notes
// the tokens say. Precondition of both: can_obey(tokenizer) (law_rule.h).
#pragma once

#include "symphony/generate/note_law.h"
#include "symphony/generate/rule.h"
#include "symphony/tokens/stream_grammar.h"
#include "symphony/tokens/stream_tokenizer.h"

namespace symphony::generate {

inline const tokens::Layout& layout_of(const tokens::Tokenizer& tokenizer) {
    return dynamic_cast<const tokens::StreamTokenizer&>(tokenizer).layout();
}

inline const tokens::StreamGrammar& grammar_of(const Moment& moment) {
    return dynamic_cast<const tokens::StreamGrammar&>(moment.grammar);
}

// The pitches, or the drum keys, that have a token which training music had; unseen[id] = 1: it had
// not; empty: it is not known.
inline PitchSet known_pitches(const tokens::Layout& layout, std::span<const std::uint8_t> unseen,
                              bool drums) {
    PitchSet known;
    const tokens::IdRange& range = layout.range(drums ? tokens::Kind::kDrum : tokens::Kind::kPitch);
    for (std::size_t i = 0; i < static_cast<std::size_t>(range.count); ++i) {
        if (!unseen.empty() && unseen[static_cast<std::size_t>(range.id(i))]) continue;
        const int pitch =
            drums ? layout.values().drums[i] : layout.values().lowest_pitch + static_cast<int>(i);
        known.set(static_cast<std::size_t>(pitch));
    }
    return known;
}

}  // namespace symphony::generate
