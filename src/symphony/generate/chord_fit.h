// Do composed notes keep to the chords that the model announced before them?
#pragma once

#include "symphony/tokens/tokenizer.h"

#include <cstdint>
#include <optional>
#include <span>

namespace symphony::generate {

struct ChordFit {
    std::int64_t notes = 0;    // struck while a chord (not "none") was in force
    std::int64_t fitting = 0;  // of them, tones of that chord
    double share() const { return notes ? static_cast<double>(fitting) / notes : 0; }
};

// Nothing for a scheme without chord tokens.
std::optional<ChordFit> chord_fit(const tokens::Tokenizer& tokenizer,
                                  std::span<const tokens::TokenId> ids);

}  // namespace symphony::generate
