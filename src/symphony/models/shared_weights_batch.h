// The batch of a model whose copies share weights: Model has a Scratch with logits_NV, and
// read_one_each(streams, tokens, scratch), which computes all rows at once.
#pragma once

#include "symphony/models/language_model.h"
#include "symphony/nn/gemm.h"

#include <vector>

namespace symphony::models {

template <class Model>
class SharedWeightsBatch : public StreamBatch {
  public:
    std::span<const std::span<const float>> step(std::span<LanguageModel* const> streams,
                                                 std::span<const int> tokens) override {
        const nn::ThreadLimit one_thread(1);  // who has more threads gives each a batch of its own
        rows_.clear();
        streams_.clear();
        if (streams.empty()) return rows_;
        for (LanguageModel* stream : streams) streams_.push_back(static_cast<Model*>(stream));
        streams_.front()->read_one_each(streams_, tokens, scratch_);
        const std::span<const float> logits(scratch_.logits_NV);
        const std::size_t vocabulary = logits.size() / streams.size();
        for (std::size_t i = 0; i < streams.size(); ++i)
            rows_.push_back(logits.subspan(i * vocabulary, vocabulary));
        return rows_;
    }

  private:
    std::vector<Model*> streams_;
    std::vector<std::span<const float>> rows_;
    typename Model::Scratch scratch_;
};

}  // namespace symphony::models
