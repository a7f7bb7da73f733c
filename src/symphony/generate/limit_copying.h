// A rule against copying: no stretch of a take may be the same as one of the training pieces, in
// pitch and rhythm and in any key, for longer than so many bars.
#pragma once

#include "symphony/corpus/copying/copy_index.h"
#include "symphony/corpus/copying/copy_prints.h"
#include "symphony/generate/rule.h"

#include <cstddef>
#include <functional>
#include <memory>

namespace symphony::generate {

// A stretch of fewer notes is no copy, however slow they are: real music shares it by chance.
inline constexpr std::size_t kFewestCopiedNotes = 8;

struct CopyLimit {
    int bars = 4;  // at most, from the first onset of a match to its last
    std::size_t fewest_notes = kFewestCopiedNotes;
    using Stretch = std::function<bool(const corpus::NoteLines&, const corpus::CopyMatch&)>;
    // Is this stretch of a line in a match? Then each that it holds is, too.
    Stretch is_copied;
    // May it be in one when notes have followed?
    Stretch may_be_copied;
    // Of music that is partly given: is this cell composed? A stretch counts that holds a composed
    // note. Empty: all are.
    std::function<bool(std::size_t bar, std::size_t part)> is_composed;
    // And is the limit kept by all of it, with what these tokens composed so far?
    std::function<bool(std::span<const tokens::TokenId>)> is_kept_between;
};

// By the pieces themselves. Precondition: the index has CopySense::kTransposed.
CopyLimit limit_by(std::shared_ptr<const corpus::CopyIndex> index, int bars);
// By their fingerprints: of matches of CopyPrints' sure_notes() notes and more, all but so many
// notes at each end as a run of fingerprints does not see.
CopyLimit limit_by(std::shared_ptr<const corpus::CopyPrints> prints, int bars);

// Does a match that is too long end in the bar `from_bar` (0: the first) or later?
bool copies_too_much(const corpus::NoteLines& piece, const CopyLimit& limit,
                     std::size_t from_bar = 0);

// Forbids each token that would make a match too long. What a prime copies by itself stands, but it
// does not go on. Preconditions: the index and the takes have the same grid, and the scheme has Bar
// tokens: others may tell of a note when later ones have begun.
std::unique_ptr<Rule> limit_copying(CopyLimit limit, const tokens::Tokenizer& tokenizer);

}  // namespace symphony::generate
