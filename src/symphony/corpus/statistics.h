// What one piece contributes to the statistics of a corpus: plain values that can be stored
// (atlas/piece_record.h) and added up in any order of pieces (atlas/accumulator.h).
#pragma once

#include "symphony/corpus/atlas/form.h"
#include "symphony/corpus/atlas/key_plan.h"
#include "symphony/corpus/atlas/measures.h"
#include "symphony/corpus/atlas/metre.h"
#include "symphony/corpus/atlas/progression.h"
#include "symphony/corpus/atlas/role_figures.h"
#include "symphony/corpus/atlas/tally.h"
#include "symphony/corpus/quality.h"
#include "symphony/corpus/report.h"
#include "symphony/score/score.h"

#include <cstdint>
#include <string>
#include <vector>

namespace symphony::corpus {

// Rises whenever a field or the way it is counted changes: stored records of another version are
// made anew.
inline constexpr int kStatisticsVersion = 2;

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

    KeyPlan keys;
    std::vector<Progression> progressions;
    NameTally cadences;
    RhythmStatistics rhythm;
    FormStatistics form;
    FiguresByRole role_figures;
    Measures measures{};

    double on_grid_share = 1;    // of onsets that fall on a 24th or a 16th of a quarter
    int given_key_distance = 0;  // fifths between the key given (or its relative) and the estimate
    int distinct_velocities = 0;
    double bar_line_shift = 0;  // quarters that bar_fit.h proposes to move the bar lines by
    std::string bar_fault;      // what bar_fit.h says of metre and bar lines; empty: they fit
    QualityMeasures quality;
    std::int64_t parts_with_notes = 0;
    bool meter_given = false;
};

// `key` and `key_given` as Piece has them. Roles must be assigned.
PieceStatistics statistics_of(const score::Score& score, const std::string& id, score::Key key,
                              bool key_given);

}  // namespace symphony::corpus
