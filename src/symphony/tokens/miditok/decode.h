// MidiTok's words -> a score. Words that make no sense where they stand are skipped.
#pragma once

#include "symphony/score/score.h"
#include "symphony/tokens/miditok/timing.h"

#include <span>
#include <vector>

namespace symphony::tokens::miditok {

// One stream of words each (rows one after another).
score::Score decode_streams(std::span<const std::vector<Word>> streams, const Config& config,
                            const Values& values);

}  // namespace symphony::tokens::miditok
