// The measures of one piece. Formula and source of each: docs/atlas.md; those that MusPy has too
// (Dong et al., "MusPy: a toolkit for symbolic music generation", ISMIR 2020) mean what they mean
// there, on the piece's own bars and beats.
#pragma once

#include "symphony/corpus/atlas/measures.h"
#include "symphony/score/score.h"

#include <cstdint>
#include <span>

namespace symphony::corpus {

struct PieceStatistics;

// `all` and `pitched` notes sorted by onset, `ends` of the pitched ones, rising; `piece` as far as
// statistics_of has filled it.
Measures measures_of(const score::Score& score, std::span<const score::Note> all,
                     std::span<const score::Note> pitched, std::span<const std::int64_t> ends,
                     std::span<const score::Bar> bars, const PieceStatistics& piece);

}  // namespace symphony::corpus
