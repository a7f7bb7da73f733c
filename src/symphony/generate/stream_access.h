// The grammar and the layout behind the tokens of our own schemes, for rules that ask what notes
// the tokens say. Precondition of both: can_obey(tokenizer) (law_rule.h).
#pragma once

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

}  // namespace symphony::generate
