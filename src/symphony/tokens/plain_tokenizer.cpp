#include "symphony/tokens/plain_tokenizer.h"

#include "symphony/base/error.h"
#include "symphony/tokens/layout.h"

namespace symphony::tokens {

base::Json tokenizer_json_head(const std::string& scheme) {
    base::Json json;
    json["format"] = kTokenizerFormat;
    json["version"] = kTokenizerVersion;
    json["scheme"] = scheme;
    return json;
}

void check_tokenizer_json_head(const base::Json& json, const std::string& path) {
    const auto is = [&](const char* key, const base::Json& value) {
        const auto found = json.find(key);
        return found != json.end() && *found == value;
    };
    if (!is("format", kTokenizerFormat) || !is("version", kTokenizerVersion))
        throw base::Error(base::ErrorKind::kModel,
                          "tokenizer.json is damaged: expected a " + std::string(kTokenizerFormat) +
                              " of version " + std::to_string(kTokenizerVersion),
                          path);
}

}  // namespace symphony::tokens
