// What the registry of schemes needs of MidiTok's, without its headers.
#pragma once

#include "symphony/tokens/subword_options.h"
#include "symphony/tokens/tokenizer.h"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace symphony::tokens::miditok {

// Of our default options, on `options.steps_per_quarter` steps where that is given.
// Precondition: the options name one of MidiTok's schemes.
std::unique_ptr<Tokenizer> learn(const TokenizerOptions& options);

// From MidiTok's tokenizer.json. Throws Error (kModel) naming `path` if it is damaged.
std::unique_ptr<Tokenizer> from_json(const base::Json& json, const std::string& path);

// Is it one of MidiTok's of one vocabulary, without sub-words so far? Only these have sub-words in
// MidiTok's own tokenizer.json.
bool holds_subwords(const Tokenizer& tokenizer);

// What its sub-words are learned from: the base ids of the piece's bars, beats or tracks.
// Precondition here and below: holds_subwords(tokenizer).
std::vector<std::vector<int>> subword_sequences(const Tokenizer& tokenizer,
                                                const score::Score& score);

// `tokenizer` with sub-words learned from these. Error (kUsage) if it is as large as asked already.
std::unique_ptr<Tokenizer> with_subwords(const Tokenizer& tokenizer,
                                         std::span<const std::vector<int>> sequences,
                                         const SubwordOptions& options);

}  // namespace symphony::tokens::miditok
