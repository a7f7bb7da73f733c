// Every token scheme by name: a new one is a line here. Source: own.
#pragma once

#include "symphony/tokens/scheme_facts.h"
#include "symphony/tokens/tokenizer.h"

#include <memory>
#include <string>
#include <vector>

namespace symphony::tokens {

struct Scheme {
    std::string name;
    std::string summary;  // what it is, in half a line
    SchemeFacts facts;    // what it holds
    // Learns the tokenizer for training pieces.
    std::unique_ptr<TokenizerLearner> (*learner)(const TokenizerOptions& options);
    // From what its to_json wrote. Throws Error (kModel) naming `path` if that is damaged.
    std::unique_ptr<Tokenizer> (*from_json)(const base::Json& json, const std::string& path);
};

// In the order in which help lists them.
const std::vector<Scheme>& schemes();

// The scheme of that name. Throws Error (`kind`) with the nearest name if there is none.
const Scheme& scheme_named(const std::string& name, base::ErrorKind kind,
                           const std::string& path = {});

}  // namespace symphony::tokens
