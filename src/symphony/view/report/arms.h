// An experiment of the report: a few ways to train (arms), judged on the same held-out pieces.
#pragma once

#include "symphony/evaluate/comparison.h"
#include "symphony/view/report/run_log.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace symphony::view {

struct Arm {
    const char *run, *name, *what;  // the run's folder, a short name, in words
};

// The comparison of two runs with the difference first - second, whichever way it was made; nothing
// if they were not compared.
std::optional<evaluate::PairComparison> pair_of(const evaluate::Evaluation& evaluation,
                                                const std::string& first,
                                                const std::string& second);

// The evaluation with the arms' short names in the place of the runs'.
evaluate::Evaluation with_arm_names(evaluate::Evaluation evaluation, std::span<const Arm> arms);

// One row an arm, in the evaluation's order, as HTML; `measure` heads the column of bits per note.
std::string arms_table(const evaluate::Evaluation& evaluation, std::span<const Arm> arms,
                       const std::vector<RunLog>& runs, const std::string& measure);

}  // namespace symphony::view
