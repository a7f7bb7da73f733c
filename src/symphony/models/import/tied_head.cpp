#include "symphony/models/import/tied_head.h"

#include "symphony/base/error.h"

namespace symphony::models {

void take_head(ForeignWeights& weights, const TransformerConfig& config, Weights& taken) {
    const std::string name = "lm_head.weight";
    if (config.tied && !weights.has(name)) return;
    const nn::Shape shape{config.vocabulary_size, config.hidden_size};
    std::vector<float> head = weights.take(name, shape);
    if (!config.tied)
        taken[name] = {shape, std::move(head)};
    else if (head != taken.at("model.embed_tokens.weight").values)
        throw base::Error(base::ErrorKind::kModel,
                          "\"lm_head.weight\" differs from the embedding, which config.json says "
                          "it is (tie_word_embeddings)",
                          weights.paths().front().string());
}

}  // namespace symphony::models
