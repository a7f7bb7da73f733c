// What every learner of a vocabulary does besides learning: it counts, so that a corpus without
// notes is an error. Source: own.
#pragma once

#include "symphony/tokens/tokenizer.h"

#include <cstddef>
#include <memory>

namespace symphony::tokens {

class NoteCountingLearner : public TokenizerLearner {
  public:
    void add(const score::Score& score) final;
    void merge(const TokenizerLearner& other) final;
    std::unique_ptr<Tokenizer> finish() const final;

  protected:
    std::size_t pieces() const { return pieces_; }

  private:
    virtual void learn(const score::Score& score) = 0;
    // `other` is of the same class.
    virtual void learn_from(const NoteCountingLearner& other) = 0;
    virtual std::unique_ptr<Tokenizer> learned() const = 0;

    std::size_t pieces_ = 0, notes_ = 0;
};

}  // namespace symphony::tokens
