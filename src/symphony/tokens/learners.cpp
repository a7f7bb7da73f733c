#include "symphony/tokens/learners.h"

#include "symphony/base/error.h"

#include <string>

namespace symphony::tokens {

void NoteCountingLearner::add(const score::Score& score) {
    ++pieces_;
    notes_ += score.note_count();
    learn(score);
}

void NoteCountingLearner::merge(const TokenizerLearner& other) {
    const auto& same = dynamic_cast<const NoteCountingLearner&>(other);
    pieces_ += same.pieces_;
    notes_ += same.notes_;
    learn_from(same);
}

std::unique_ptr<Tokenizer> NoteCountingLearner::finish() const {
    if (notes_ == 0)
        throw base::Error(base::ErrorKind::kInput, "no notes to learn tokens from in " +
                                                       std::to_string(pieces_) + " pieces");
    return learned();
}

}  // namespace symphony::tokens
