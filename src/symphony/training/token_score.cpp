#include "symphony/training/token_score.h"

#include "symphony/nn/elementwise.h"

#include <algorithm>

namespace symphony::training {

void TokenScore::add(std::span<const float> logits_V, int target) {
    const auto t = static_cast<std::size_t>(target);
    hits_ += std::max_element(logits_V.begin(), logits_V.end()) - logits_V.begin() == target;
    probabilities_V_.assign(logits_V.begin(), logits_V.end());
    const float log_sum = nn::softmax(probabilities_V_.data(), probabilities_V_.size());
    nats_ += static_cast<double>(log_sum) - static_cast<double>(logits_V[t]);
    ++tokens_;
}

SplitResult TokenScore::result() const {
    const double tokens = static_cast<double>(std::max<std::int64_t>(1, tokens_));
    return {nats_ / tokens, static_cast<double>(hits_) / tokens, tokens_};
}

}  // namespace symphony::training
