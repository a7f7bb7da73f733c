// The tallies of all pieces together.
#pragma once

#include "symphony/corpus/distribution.h"
#include "symphony/corpus/statistics.h"

#include <vector>

namespace symphony::corpus {

struct CorpusReport;

struct CorpusSums {
    std::int64_t pieces = 0, notes = 0, drum_notes = 0, parts = 0, bars = 0;
    double hours = 0, quarters = 0;
    std::int64_t keys_given = 0, tempos_given = 0, meters_given = 0;

    Tally pitch, pitch_class, duration, bar_position, velocity, polyphony, density, interval, tempo;
    Tally length_bars, length_seconds;
    NameTally meters, programs, roles, chords, keys_as_given, keys_as_estimated;

    void add(const PieceStatistics& piece);
    void set_totals(CorpusReport& report) const;
    // As CorpusReport::distributions lists them.
    std::vector<Distribution> distributions() const;
};

}  // namespace symphony::corpus
