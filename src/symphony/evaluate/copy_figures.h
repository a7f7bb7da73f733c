// How much of a piece occurs in other pieces, in numbers. docs/copying.md defines each.
#pragma once

#include "symphony/corpus/copying/copy_index.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace symphony::evaluate {

struct CopyFigures {
    std::size_t notes = 0;          // that were looked for
    corpus::CopyMatch longest;      // of most notes, of several the first; no notes: none matched
    double longest_bars = 0;        // the farthest from first to last onset, of those that count
    std::size_t matched_notes = 0;  // that lie in a match that counts

    // 0 for a piece without notes.
    double share() const {
        return notes ? static_cast<double>(matched_notes) / static_cast<double>(notes) : 0;
    }
};

// Bars [first, last) of a piece, from 0.
struct BarRange {
    std::size_t first = 0, last = 0;
    std::string in_words() const;  // "bar 3", "bars 3-6": from 1
    bool operator==(const BarRange&) const = default;
};

// `longest` as CopyIndex gives it. A match counts from `least_notes` notes on; what reaches out of
// the range is cut there.
CopyFigures copy_figures(const corpus::NoteLines& piece,
                         const std::vector<std::vector<std::uint32_t>>& longest, BarRange range,
                         std::size_t least_notes);

// The bars that hold a match's first and last onset, from 0: [first, last).
BarRange bars_between(const corpus::NoteLines& piece, score::Ticks begin, score::Ticks end);

}  // namespace symphony::evaluate
