// Walks the notes of a finished piece and asks the laws about each. Source: own.
#pragma once

#include "symphony/generate/note_law.h"
#include "symphony/score/score.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace symphony::generate {

using Laws = std::vector<std::shared_ptr<const NoteLaw>>;

// Where in a piece laws hold.
struct Jurisdiction {
    int first_bar = 0;                       // from this bar on: a prime's bars are as they were
    std::vector<std::vector<bool>> cells{};  // and there, [bar][part]; empty: everywhere
    // Of each part, its number where the laws speak of it; empty: its place in the piece.
    std::vector<int> numbers{};
};

struct Breach {
    std::string rule;  // "scale D dorian"
    int bar = 0;       // from 1; 0: the piece as a whole
    std::string what;  // "part 2 strikes F#4"
};

// The first note or bar that breaks a law of strength 1, bar by bar. Parts have their roles.
std::optional<Breach> first_breach_of(const score::Score& score, const Laws& laws,
                                      const Jurisdiction& where);

}  // namespace symphony::generate
