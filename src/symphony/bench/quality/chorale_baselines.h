// What the chorales on a grid of 16ths cost models that only count, in nats per token (the pitch of
// a voice in a step): any model that learns must be well below. Own; a held note counts as often as
// it has steps, so the bigrams do well by repeating.
#pragma once

#include "symphony/bench/quality/published_sets.h"

#include <cstdint>

namespace symphony::bench {

// Mean nats per token, rests included.
struct ChoraleNats {
    double unigram = 0;      // of the voice, train counts, 0.1 added to each seen pitch
    double bigram = 0;       // the voice's pitch before, backed off to the unigram
    double beat_bigram = 0;  // and the place in the beat, backed off likewise
    std::int64_t tokens = 0;
};
ChoraleNats chorale_baselines(const std::vector<ChoralePiece>& train,
                              const std::vector<ChoralePiece>& held_out);

}  // namespace symphony::bench
