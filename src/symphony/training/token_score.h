// Loss and accuracy over tokens, from any model's logits.
#pragma once

#include "symphony/training/trainee.h"

#include <span>
#include <vector>

namespace symphony::training {

class TokenScore {
  public:
    // `logits_V` predicted `target`. Of equal logits, the first counts as the guess.
    void add(std::span<const float> logits_V, int target);
    SplitResult result() const;

  private:
    std::vector<float> probabilities_V_;
    double nats_ = 0;
    std::int64_t hits_ = 0, tokens_ = 0;
};

}  // namespace symphony::training
