#include "symphony/corpus/atlas/accumulator.h"

namespace symphony::corpus {

void CorpusAccumulator::add(const PieceStatistics& piece) { sums_.add(piece); }

void CorpusAccumulator::finish(CorpusReport& report) const {
    sums_.set_totals(report);
    report.distributions = sums_.distributions();
}

}  // namespace symphony::corpus
