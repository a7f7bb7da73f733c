// What makes a file poor food for learning, measured, and the filters that leave such files out
// with a reason. All are off unless asked for. Source: own.
#pragma once

#include "symphony/base/option_table.h"
#include "symphony/score/score.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace symphony::corpus {

struct QualityMeasures {
    std::int64_t notes = 0;
    double seconds = 0;        // to the end of the last note
    int pitches = 0;           // different ones of pitched notes, 0 where there are drums alone
    double on_grid_share = 1;  // see free_timing.h
    std::int64_t peak_notes_a_second = 0;  // most onsets within any second
    double longest_silence = 0;            // seconds without a note, before the first one too
    bool operator==(const QualityMeasures&) const = default;
};
QualityMeasures measure_quality(const score::Score& score);

// Which filters are on, and where each draws its line.
struct QualityFilters {
    std::vector<std::string> filter{"none"};  // names, "all" or "none"
    int fewest_notes = 20;
    double shortest_seconds = 5;
    int fewest_pitches = 2;
    double least_on_grid = 0.4;
    int most_notes_a_second = 150;
    double longest_silence = 15;  // seconds

    void describe(base::OptionTable& table);
    bool is_on(const std::string& name) const;
};

// Why a file is left out.
struct FilterReason {
    std::string code;    // "COR020"
    std::string reason;  // "too-short: 7 notes in 2.1 s, expected at least 20 notes and 5 s"
};

// too-short, one-pitch, off-grid, black-midi, silence: in this order, which is that of the codes.
const std::vector<std::string>& filter_names();
// The first filter that is on and finds fault; nothing if the file may stay.
std::optional<FilterReason> reason_to_leave_out(const QualityMeasures& quality,
                                                const QualityFilters& filters);

}  // namespace symphony::corpus
