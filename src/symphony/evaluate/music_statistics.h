// What a piece sounds like in numbers: one value per metric, for real and generated music alike.
// The metrics themselves are in metrics/, one file per family; docs/evaluation.md defines each.
#pragma once

#include "symphony/score/score.h"

#include <limits>
#include <string>
#include <vector>

namespace symphony::evaluate {

inline constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

struct Metric {
    std::string name;                      // "pitch-class-entropy"
    std::string title;                     // "pitch-class entropy"
    std::string unit;                      // "bits", "share", "semitones"
    std::string source;                    // "MusPy", "Museformer" or "own"
    bool yes_or_no = false;                // 0 or 1 for each piece; only shares of a set tell
    double (*value)(const score::Score&);  // kUndefined where the piece has none
};

// All of them, in the order of reports.
const std::vector<Metric>& metrics();

// One value per metric, in the order of metrics().
std::vector<double> statistics_of(const score::Score& score);

}  // namespace symphony::evaluate
