// Scores drawn at random, for properties that must hold for all music: odd metres, upbeats, equal
// programs, crossings, unisons, drums, long notes, times off the grid.
#pragma once

#include "symphony/score/score.h"

#include <cstdint>
#include <vector>

namespace symphony::tests {

struct RandomScoreOptions {
    bool tidy = false;  // on the grid, and no pitch struck in a part while it sounds there
    bool drums = true;
};

score::Score random_score(std::uint64_t seed, const RandomScoreOptions& options = {});

// Scores of seeds 0 .. count - 1.
std::vector<score::Score> random_scores(int count, const RandomScoreOptions& options = {});

}  // namespace symphony::tests
