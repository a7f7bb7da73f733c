// What a row of `symphony bench quality` came to. Own.
#pragma once

#include "symphony/base/json.h"
#include "symphony/bench/quality/rows.h"

#include <cstdint>
#include <optional>
#include <string>

namespace symphony::bench {

// Mean nats per frame (over all frames, and over those after each piece's first) or per pitch.
struct SplitNats {
    double all = 0, after_first = 0;
};

struct RowResult {
    QualityRow row;
    std::string model;  // family
    std::int64_t parameters = 0, steps = 0, seed = 1;
    double epochs = 0, minutes = 0;
    std::string stop_reason;  // as TrainReport::stop_reason
    SplitNats valid;
    std::optional<SplitNats> test;  // absent when it was not to be looked at
    std::string command;            // that repeats it

    // Ours, counted as `figure` is; absent if test was not looked at.
    std::optional<double> ours(const PublishedFigure& figure) const;

    base::Json to_json() const;
    // The row's line, and one for each published figure.
    std::string to_text() const;
};

}  // namespace symphony::bench
