// Has the model fallen into a rut? A short sample is measured beside stretches of real music of the
// same length: distinct pitches, longest repeat, entropy of the tokens. Own.
#pragma once

#include "symphony/base/json.h"
#include "symphony/tokens/vocabulary.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace symphony::training {

struct TokenShape {
    int distinct_pitches = 0;
    int longest_repeat = 0;   // tokens of the longest stretch that occurs twice (they may overlap)
    double entropy_bits = 0;  // of the token histogram
};

// `kinds`: of each id of the vocabulary.
TokenShape measure_shape(std::span<const int> ids, std::span<const tokens::TokenKind> kinds);

// What real music of that length spans: 5th and 95th percentile of each measure.
struct ShapeBand {
    TokenShape low, high;
    int stretches = 0;  // 0: no piece is that long, nothing can be said
};
ShapeBand measure_band(const std::vector<std::vector<int>>& sequences, std::size_t length,
                       std::span<const tokens::TokenKind> kinds);

// Plain words, one per measure that lies far outside the band on the poor side; empty if none.
std::vector<std::string> collapse_warnings(const TokenShape& sample, const ShapeBand& data);

base::Json to_json(const TokenShape& shape);
base::Json to_json(const ShapeBand& band);

}  // namespace symphony::training
