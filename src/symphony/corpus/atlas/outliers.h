// Pieces that stand apart: their measures' distances from the corpus's medians in robust standard
// deviations (the modified z-score of Iglewicz and Hoaglin, "How to Detect and Handle Outliers",
// 1993, who call 3.5 far). A piece's distance is the sum of what exceeds 3.5, each measure counting
// at most 10, so that many odd measures weigh more than one absurd one. Where nearly all pieces are
// equal the spread is taken as MeasureInfo::least_spread, or trifles would look far.
#pragma once

#include "symphony/corpus/atlas/atlas.h"
#include "symphony/corpus/atlas/measures.h"

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace symphony::corpus {

inline constexpr double kFarZ = 3.5;
// With fewer pieces nothing is called apart.
inline constexpr std::size_t kLeastForOutliers = 12;

// The measures of one piece, as many as there may be pieces: floats.
using PieceMeasures = std::array<float, kMeasures>;

// In order of Measure; values of pieces that lack one are left out.
std::vector<MeasureRow> measure_rows(std::span<const PieceMeasures> pieces);

// At most `most`, farthest first. `rows` as measure_rows gives them.
std::vector<Outlier> find_outliers(std::span<const PieceMeasures> pieces,
                                   std::span<const std::string> ids,
                                   std::span<const MeasureRow> rows, std::size_t most);

}  // namespace symphony::corpus
