// Sets of keys that sound together, a number each. With numbers, music in frames goes through
// batches, training loop and checkpoints as tokens do; only a model's two ends know what a number
// stands for: what it reads is a set, and what it predicts is each key on its own
// (Boulanger-Lewandowski et al. 2012).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <span>
#include <vector>

namespace symphony::models {

class KeySets {
  public:
    // Number 0 is the beginning of a piece: no key, and never predicted. Silence is another set.
    static constexpr int kBeginning = 0;

    explicit KeySets(int keys) : keys_(keys), sets_(1) {}

    int keys() const { return keys_; }
    // Of all numbers given so far, the beginning's included.
    int size() const { return static_cast<int>(sets_.size()); }
    // The keys of a set, rising.
    std::span<const int> operator[](int number) const {
        return sets_[static_cast<std::size_t>(number)];
    }
    // The set's number, a new one if it was not there. Precondition: rising, 0 <= key < keys().
    int add(const std::vector<int>& set) {
        const auto [place, is_new] = numbers_.try_emplace(set, size());
        if (is_new) sets_.push_back(set);
        return place->second;
    }

  private:
    int keys_;
    std::vector<std::vector<int>> sets_;
    std::map<std::vector<int>, int> numbers_;
};

// What a set costs if key k sounds with probability sigmoid(logits[k]), each on its own.
struct SetCost {
    double nats = 0;
    bool is_most_probable = true;  // no other set is more probable
};
template <class Real>
SetCost cost_of_set(std::span<const Real> logits, std::span<const int> set) {
    SetCost cost;
    for (std::size_t k = 0, next = 0; k < logits.size(); ++k) {
        const bool sounds = next < set.size() && static_cast<std::size_t>(set[next]) == k;
        if (sounds) ++next;
        // -log sigmoid(y) = log(1 + exp(-y)); of silence, with -y for y.
        const double y = static_cast<double>(sounds ? logits[k] : -logits[k]);
        cost.nats += std::max(-y, 0.0) + std::log1p(std::exp(-std::abs(y)));
        if (y < 0) cost.is_most_probable = false;
    }
    return cost;
}

}  // namespace symphony::models
