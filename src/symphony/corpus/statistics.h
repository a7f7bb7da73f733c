// What one piece contributes to the statistics of a corpus; pieces add up in any order.
#pragma once

#include "symphony/corpus/report.h"
#include "symphony/score/score.h"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace symphony::corpus {

// Values and how often each was seen.
using Tally = std::map<double, std::int64_t>;
using NameTally = std::map<std::string, std::int64_t>;

struct PieceStatistics {
    PieceSummary summary;
    std::int64_t drum_notes = 0;

    Tally pitch, pitch_class;
    Tally duration;      // quarters, rounded to 1/24
    Tally bar_position;  // quarters after the bar line, rounded to 1/24
    Tally velocity;
    Tally polyphony;  // pitched notes sounding at each sixteenth
    Tally density;    // notes per quarter, bar by bar
    Tally interval;   // semitones between successive top notes of a part
    Tally tempo;      // quarters per minute, each change once; empty: none given
    NameTally meters, programs, roles, chords;

    double on_grid_share = 1;    // of onsets that fall on a 24th or a 16th of a quarter
    int given_key_distance = 0;  // fifths between the key given (or its relative) and the estimate
    int distinct_velocities = 0;
    double bar_line_shift = 0;  // quarters, see bar_fit.h; 0: the bar lines fit
    std::size_t parts_with_notes = 0;
    bool meter_given = false;
};

// `key` and `key_given` as Piece has them. Roles must be assigned.
PieceStatistics statistics_of(const score::Score& score, const std::string& id, score::Key key,
                              bool key_given);

// The distributions of the whole corpus, as CorpusReport::distributions lists them.
std::vector<Distribution> distributions_of(const std::vector<PieceStatistics>& pieces);

}  // namespace symphony::corpus
