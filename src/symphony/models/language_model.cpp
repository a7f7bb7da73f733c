#include "symphony/models/language_model.h"

#include <vector>

namespace symphony::models {

namespace {

class OneByOne : public StreamBatch {
  public:
    std::span<const std::span<const float>> step(std::span<LanguageModel* const> streams,
                                                 std::span<const int> tokens) override {
        rows_.clear();
        for (std::size_t i = 0; i < streams.size(); ++i)
            rows_.push_back(streams[i]->next(tokens[i]));
        return rows_;
    }

  private:
    std::vector<std::span<const float>> rows_;
};

}  // namespace

std::span<const float> LanguageModel::read(std::span<const int> tokens) {
    for (const int token : tokens.first(tokens.size() - 1)) next(token);
    return next(tokens.back());
}

std::unique_ptr<StreamBatch> LanguageModel::batch() const { return std::make_unique<OneByOne>(); }

void LanguageModel::for_each_logits(std::span<const int> ids, const LogitsCallback& callback) {
    reset();
    std::span<const float> logits_V = next(start_token());
    for (std::size_t t = 0; t < ids.size(); ++t) {
        callback(t, logits_V);
        if (t + 1 < ids.size()) logits_V = next(ids[t]);
    }
}

}  // namespace symphony::models
