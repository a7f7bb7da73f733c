// How much a model's takes copy, in one line: pitch and rhythm, in any key. docs/copying.md.
#pragma once

#include "symphony/base/json.h"
#include "symphony/evaluate/copying.h"

#include <span>
#include <string>

namespace symphony::evaluate {

// A take that copies more than this percentage of real excerpts does is unusual.
inline constexpr double kUnusualPercentile = 95;

struct CopyingSummary {
    int takes = 0;
    double longest_notes = 0;           // median over the takes
    double held_out_longest_notes = 0;  // median over held-out excerpts
    int unusual = 0;                    // takes with a longest match beyond kUnusualPercentile
    int most_notes = 0;                 // of the longest match of all takes; 0: none matched
    int most_take = 0;                  // number of that take, from 1
    CopyPlace most;                     // of it

    std::string sentence() const;
    bool operator==(const CopyingSummary&) const = default;
};

// Takes without notes are left out.
CopyingSummary summary_of(std::span<const PieceCopying> takes);

base::Json to_json(const CopyingSummary& summary);
CopyingSummary copying_summary_from_json(const base::Json& json);

}  // namespace symphony::evaluate
