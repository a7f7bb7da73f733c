// Says in words what a corpus cannot teach, and what else is worth knowing before training.
#pragma once

#include "symphony/corpus/report.h"
#include "symphony/corpus/statistics.h"

#include <vector>

namespace symphony::corpus {

// In order of weight; `report` has account and totals filled.
std::vector<Remark> remarks_on(const CorpusReport& report,
                               const std::vector<PieceStatistics>& pieces);

}  // namespace symphony::corpus
