// Reads pieces of a corpus on all cores and lets learners see them: each thread its own, merged at
// the end. What learners come to must not depend on the order of pieces.
#pragma once

#include "symphony/base/parallel.h"
#include "symphony/corpus/load.h"

#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace symphony::corpus {

// `make` makes an empty learner, `add(learner, score)` shows it a piece; learners have
// merge(const Learner&). Throws what Corpus::read throws, and Error (kInterrupted).
template <class Learner>
std::unique_ptr<Learner> learn_pieces(
    const Corpus& corpus, std::span<const Piece* const> pieces, const std::string& stage,
    int threads, base::Progress& progress, const std::function<std::unique_ptr<Learner>()>& make,
    const std::function<void(Learner&, const score::Score&)>& add) {
    std::mutex mutex;
    std::vector<std::unique_ptr<Learner>> idle;
    base::parallel_stage(progress, stage, pieces.size(), threads, [&](std::size_t i) {
        const score::Score score = corpus.read(*pieces[i]);
        std::unique_ptr<Learner> learner;
        {
            const std::lock_guard lock(mutex);
            if (!idle.empty()) {
                learner = std::move(idle.back());
                idle.pop_back();
            }
        }
        if (!learner) learner = make();
        add(*learner, score);
        const std::lock_guard lock(mutex);
        idle.push_back(std::move(learner));
    });
    if (idle.empty()) return make();
    for (std::size_t i = 1; i < idle.size(); ++i) idle.front()->merge(*idle[i]);
    return std::move(idle.front());
}

}  // namespace symphony::corpus
