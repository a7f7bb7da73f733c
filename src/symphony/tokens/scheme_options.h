// A scheme and its options in one word, as commands and pages name them: "remi+pedal+rests",
// "remi+micro-timing=7", "remi+no-tempo". Source: own.
#pragma once

#include "symphony/tokens/tokenizer.h"

#include <string>

namespace symphony::tokens {

// Throws Error (kUsage) for an unknown scheme or option, a value out of range, or options for a
// scheme that has none. `steps_per_quarter` as in TokenizerOptions.
TokenizerOptions options_from_words(const std::string& words, int steps_per_quarter = 0);

// Its shortest form: the scheme and what differs from the defaults, in the order of the table.
std::string words_of(const TokenizerOptions& options);

}  // namespace symphony::tokens
