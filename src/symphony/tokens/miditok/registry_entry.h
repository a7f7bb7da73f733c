// What the registry of schemes needs of MidiTok's, without its headers.
#pragma once

#include "symphony/tokens/tokenizer.h"

#include <memory>
#include <span>
#include <string>

namespace symphony::tokens::miditok {

// Of our default options, on `options.steps_per_quarter` steps where that is given.
// Precondition: the options name one of MidiTok's schemes.
std::unique_ptr<Tokenizer> learn(const TokenizerOptions& options);

// From MidiTok's tokenizer.json. Throws Error (kModel) naming `path` if it is damaged.
std::unique_ptr<Tokenizer> from_json(const base::Json& json, const std::string& path);

// `tokenizer` with sub-words learned by byte-pair encoding up to a vocabulary of this size. Error
// (kUsage) if it is none of MidiTok's, one of rows, or larger already.
std::unique_ptr<Tokenizer> with_subwords(const Tokenizer& tokenizer,
                                         std::span<const score::Score> scores, int vocabulary_size);

}  // namespace symphony::tokens::miditok
