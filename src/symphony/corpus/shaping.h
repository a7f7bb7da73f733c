// What a piece is made into before it becomes tokens, where prepare was asked to. Source: own.
#pragma once

#include "symphony/base/json.h"
#include "symphony/score/score.h"

#include <string>

namespace symphony::corpus {

struct Shaping {
    bool mend_bars = false;    // see bar_repair.h
    bool free_timing = false;  // see on_a_clock in free_timing.h
};

// What was mended, in words, is written to `mended` if given; it is left alone where nothing was.
score::Score shaped(score::Score score, const Shaping& shaping, std::string* mended = nullptr);

// As a data set's description keeps it ("shaping"); none where it says nothing.
base::Json to_json(const Shaping& shaping);
Shaping shaping_of(const base::Json& description);

}  // namespace symphony::corpus
