// The published sets as the training loop takes them. Sequences have no end token: the papers
// count frames and pitches, and not that a piece is over.
#pragma once

#include "symphony/bench/quality/published_sets.h"
#include "symphony/models/key_sets.h"
#include "symphony/training/training_data.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace symphony::bench {

struct TrainingSet {
    TrainingSet() = default;
    TrainingSet(const TrainingSet&) = delete;  // `data` looks into `ids`
    TrainingSet& operator=(const TrainingSet&) = delete;

    std::deque<std::vector<std::uint16_t>> ids;
    std::shared_ptr<models::KeySets> frames;  // what ids stand for; null: they are tokens
    training::TrainingData data;
};

// `transpose`: training pieces also in the other eleven keys, as far as no key leaves the piano.
// Throws Error (kInput) if there are more than 65,536 different frames.
std::unique_ptr<TrainingSet> frame_training_set(const tokens::FrameSet& set,
                                                const std::string& hash, bool transpose);

// Tokens of the scheme `chorale`. `transpose`: training pieces also wherever each voice stays
// between its lowest and its highest pitch in the training pieces.
std::unique_ptr<TrainingSet> chorale_training_set(const ChoraleSet& set, const std::string& hash,
                                                  bool transpose);

}  // namespace symphony::bench
