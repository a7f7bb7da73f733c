// A rule against copying: no stretch of a take may be the same as one of the training pieces, in
// pitch and rhythm and in any key, for longer than so many bars.
#pragma once

#include "symphony/corpus/copying/copy_index.h"
#include "symphony/generate/rule.h"

#include <cstddef>
#include <memory>

namespace symphony::generate {

// A stretch of fewer notes is no copy, however slow they are: real music shares it by chance.
inline constexpr std::size_t kFewestCopiedNotes = 8;

struct CopyLimit {
    std::shared_ptr<const corpus::CopyIndex> index;  // of CopySense::kTransposed at least
    int bars = 4;  // at most, from the first onset of a match to its last
};

// Does a match that is too long end in the bar `from_bar` (0: the first) or later?
bool copies_too_much(const corpus::NoteLines& piece, const CopyLimit& limit,
                     std::size_t from_bar = 0);

// Forbids each token that would make a match too long. What a prime copies by itself stands, but it
// does not go on. Preconditions: the index and the takes have the same grid, and the scheme has Bar
// tokens: others may tell of a note when later ones have begun.
std::unique_ptr<Rule> limit_copying(CopyLimit limit);

}  // namespace symphony::generate
