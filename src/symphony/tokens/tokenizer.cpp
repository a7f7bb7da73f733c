#include "symphony/tokens/tokenizer.h"

#include "symphony/base/error.h"
#include "symphony/tokens/miditok/registry_entry.h"
#include "symphony/tokens/registry.h"
#include "symphony/tokens/subword_tokenizer.h"

namespace symphony::tokens {

std::vector<std::string> scheme_names() {
    std::vector<std::string> names;
    for (const Scheme& scheme : schemes()) names.push_back(scheme.name);
    return names;
}

std::unique_ptr<Tokenizer> learn_tokenizer(std::span<const score::Score> scores,
                                           const TokenizerOptions& options) {
    const auto learner = tokenizer_learner(options);
    for (const score::Score& score : scores) learner->add(score);
    return learner->finish();
}

std::unique_ptr<TokenizerLearner> tokenizer_learner(const TokenizerOptions& options) {
    const Scheme& scheme = scheme_named(options.scheme, base::ErrorKind::kUsage);
    check_stream_options(options);
    return scheme.learner(options);
}

std::unique_ptr<Tokenizer> tokenizer_from_json(const base::Json& json, const std::string& path) {
    // MidiTok's own files name a class instead of a scheme.
    if (json.is_object() && json.contains("tokenization")) return miditok::from_json(json, path);
    const auto name = json.is_object() ? json.find("scheme") : json.end();
    if (name == json.end() || !name->is_string())
        throw base::Error(base::ErrorKind::kModel,
                          "tokenizer.json is damaged: it names no token scheme", path);
    if (*name == kSubwordFormat) return SubwordTokenizer::from_json(json, path);
    return scheme_named(name->get<std::string>(), base::ErrorKind::kModel, path)
        .from_json(json, path);
}

}  // namespace symphony::tokens
