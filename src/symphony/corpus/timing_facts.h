// How pieces lie in time, and what they have besides notes: what a recommendation of a token scheme
// rests on. Source: own.
#pragma once

#include "symphony/score/score.h"

#include <array>
#include <cstdint>

namespace symphony::corpus {

// Steps of a quarter that grids of token schemes have.
inline constexpr std::array<int, 8> kGrids{1, 2, 3, 4, 6, 8, 12, 24};

struct TimingFacts {
    std::int64_t pieces = 0, notes = 0;
    std::int64_t milliseconds = 0;                       // of music
    std::array<std::int64_t, kGrids.size()> on_grid{};   // notes whose onset lies on that grid
    std::int64_t on_first_third = 0, on_last_third = 0;  // of a quarter
    std::array<std::int64_t, 128> velocities{};          // notes of each
    std::int64_t tempo_changes = 0;                      // after the first of each piece
    std::int64_t pieces_with_drums = 0, pieces_with_pedal = 0, pieces_with_upbeat = 0;
    std::int64_t pieces_with_controls = 0;  // volume, pan or expression that changes

    // A file's own ticks may not divide into thirds: less than half a tick off is on the grid.
    void add(const score::Score& score);
    void merge(const TimingFacts& other);

    std::int64_t on(int steps_per_quarter) const;  // one of kGrids
    int different_velocities() const;
};

}  // namespace symphony::corpus
