// Says in words what a corpus cannot teach, and what else is worth knowing before training.
#pragma once

#include "symphony/corpus/report.h"
#include "symphony/corpus/statistics.h"

#include <memory>
#include <vector>

namespace symphony::corpus {

class RemarkCollector {
  public:
    RemarkCollector();
    ~RemarkCollector();
    RemarkCollector(const RemarkCollector&) = delete;
    RemarkCollector& operator=(const RemarkCollector&) = delete;

    // Piece by piece, in order of their ids. What is held are the ids of pieces remarked on.
    void add(const PieceStatistics& piece);
    // In order of weight; `report` has account and totals filled.
    std::vector<Remark> finish(const CorpusReport& report) const;

  private:
    class Rules;
    std::unique_ptr<Rules> rules_;
};

}  // namespace symphony::corpus
