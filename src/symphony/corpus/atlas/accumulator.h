// Pieces added up, one at a time: the totals, distributions and atlas of a corpus. Memory does not
// grow with notes; it grows by the measures and the id of each piece, about 250 bytes, and stays
// within bounds otherwise (tallies of values, the commonest progressions).
#pragma once

#include "symphony/corpus/atlas/atlas_sums.h"
#include "symphony/corpus/atlas/group_comparison.h"
#include "symphony/corpus/atlas/ngram_table.h"
#include "symphony/corpus/atlas/sums.h"
#include "symphony/corpus/report.h"
#include "symphony/corpus/statistics.h"

#include <string>
#include <vector>

namespace symphony::corpus {

class CorpusAccumulator {
  public:
    explicit CorpusAccumulator(GroupBy by = GroupBy::kNone) : groups_(by) {}

    // The same pieces in the same order give the same report; add them by id.
    void add(const PieceStatistics& piece);

    // Fills in totals (not the groups of related pieces), distributions and atlas; leaves the rest.
    void finish(CorpusReport& report) const;

  private:
    CorpusSums sums_;
    AtlasSums atlas_;
    NgramTable ngrams_;
    GroupSums groups_;
    std::vector<std::string> ids_;
    std::vector<PieceMeasures> measures_;
};

}  // namespace symphony::corpus
