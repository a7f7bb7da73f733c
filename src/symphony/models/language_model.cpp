#include "symphony/models/language_model.h"

namespace symphony::models {

std::span<const float> LanguageModel::read(std::span<const int> tokens) {
    for (const int token : tokens.first(tokens.size() - 1)) next(token);
    return next(tokens.back());
}

void LanguageModel::for_each_logits(std::span<const int> ids, const LogitsCallback& callback) {
    reset();
    std::span<const float> logits_V = next(start_token());
    for (std::size_t t = 0; t < ids.size(); ++t) {
        callback(t, logits_V);
        if (t + 1 < ids.size()) logits_V = next(ids[t]);
    }
}

}  // namespace symphony::models
