// A take close to a given piece, at a stated distance: so many of its cells (a part in a bar) are
// composed anew that the share of changed notes is as asked. Source: own.
#pragma once

#include "symphony/generate/gap.h"
#include "symphony/score/score.h"

#include <cstdint>
#include <functional>

namespace symphony::generate {

// Share of notes that are not in both pieces, 0 (equal) to 1: 1 - 2 m / (a + b) for a and b notes,
// m of them with the same part, onset and pitch. Precondition: the same ticks per quarter.
double note_distance(const score::Score& a, const score::Score& b);

struct Variation {
    Gap gap;  // what was composed anew
    Take take;
    score::Score score;
    double distance = 0;  // from the source
};

// Fills a gap of the source once, always with the same draws.
using FillFunction = std::function<std::pair<Take, score::Score>(const Gap&)>;

// The nearest to `distance` of at most eight tries with more and fewer open cells, whose order
// comes from (seed, index). Throws Error (kUsage) if the source has no notes.
Variation vary(const score::Score& source, double distance, std::uint64_t seed, int index,
               const FillFunction& fill);

}  // namespace symphony::generate
