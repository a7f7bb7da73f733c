// Fingerprints of a line of notes: hashes of all its stretches of so many steps, and the choice of
// some of them that leaves none out of so many neighbours. Source: Schleimer, Wilkerson and Aiken,
// "Winnowing: local algorithms for document fingerprinting", SIGMOD 2003.
#pragma once

#include "symphony/corpus/lines.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace symphony::corpus {

// Of each stretch of `steps` steps (from a note to the next one: interval and time between the
// onsets) its hash; [i] begins at note i. None for a line of fewer than steps + 1 notes.
std::vector<std::uint32_t> step_hashes(std::span<const LineNote> line, std::size_t steps);

// Indices of the chosen hashes, ascending: the least of every `window` neighbours, of equal ones
// the one chosen before, else the last ("robust winnowing"). Fewer hashes than `window` count as
// one window.
std::vector<std::size_t> winnowed(std::span<const std::uint32_t> hashes, std::size_t window);

}  // namespace symphony::corpus
