// The rows of `symphony bench quality`: what is trained on which published set, and the figures
// that papers print for it.
#pragma once

#include "symphony/base/json.h"

#include <string>
#include <vector>

namespace symphony::bench {

enum class QualitySet { kJsbFrames, kNottinghamFrames, kChorales16 };

struct PublishedFigure {
    double nats = 0;
    std::string model, source;
    // Known from memory or from a third party's page, not read in the paper itself.
    bool is_recalled = false;
    // It leaves out each piece's first frame (the code of Bai et al. does).
    bool after_first = false;
};

struct QualityRow {
    std::string name;  // also of its settings, NAME.toml
    QualitySet set;
    bool on_valid = false;                   // the papers report valid, not test
    std::vector<PublishedFigure> published;  // the first is to be reached, the others are beyond
};

const std::vector<QualityRow>& quality_rows();

// Rows named in `list`, separated by commas; all if it is empty. Throws Error (kUsage) naming a
// row that there is not.
std::vector<QualityRow> chosen_rows(const std::string& list);

}  // namespace symphony::bench
