// Scores with right bar lines, barred wrongly in known ways.
#pragma once

#include "symphony/score/score.h"

#include <string>
#include <vector>

namespace symphony::tools {

struct PlantedBars {
    score::Score score;              // as a file without marks: one metre from tick 0 on
    score::Meter meter;              // the true one
    std::string name;                // "3/4, shifted"
    int shift_units = 0;             // that the bar lines were moved by, in eighths
    int true_phase = 0;              // units after the written bar lines where the true ones lie
    double true_shift_quarters = 0;  // the same
    bool as_common_time = false;
    bool whole_beat = true;  // shifted by whole beats
};

// The score itself with its bars as they are, then, of pieces whose inner bars are all whole and in
// one metre, that metre written from each eighth of the first whole bar on, and 4/4 written over
// 3/4 and 6/8. Nothing of a piece that has no such bars or is barred in units shorter than eighths.
std::vector<PlantedBars> planted_bars(const score::Score& right);

}  // namespace symphony::tools
