// How many planted copies are recognised, and how many links are false.
#pragma once

#include "symphony/score/score.h"

#include "planted_copies.h"

#include <span>
#include <string>
#include <vector>

namespace symphony::tools {

struct DuplicateRow {
    std::string kind;
    std::size_t planted = 0, found = 0;      // copies, and those linked to their source
    std::size_t links = 0, false_links = 0;  // with copies, and those to no relative of the source
    double recall() const;                   // 0..1, 1 where nothing was planted
    double precision() const;                // 0..1, 1 where nothing was linked
};

// For each kind of change, copies of every `every`-th piece are put beside all pieces and grouped
// by their music alone. A link between a copy and another piece (or another's copy) is false unless
// the two originals are linked, too. Precondition: every >= 1.
std::vector<DuplicateRow> measure_duplicates(std::span<const score::Score> pieces,
                                             std::size_t every);

}  // namespace symphony::tools
