// The sequences of notes in which copies are looked for: of each pitched part all notes, by onset
// and chords from high to low, and beside them, where the part has chords or several voices, its
// top and its bottom line, so that a melody is found again under another accompaniment. Own.
#pragma once

#include "symphony/corpus/lines.h"
#include "symphony/score/score.h"
#include "symphony/tokens/tokenizer.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace symphony::corpus {

struct NoteLine {
    std::size_t part = 0;                // index into Score::parts
    Line notes;                          // in order of onset
    std::vector<std::uint32_t> numbers;  // of each, which of the piece's notes it is
};

struct NoteLines {
    std::vector<score::Ticks> bars;       // where each begins, and where the last one ends
    std::vector<std::string> part_names;  // of Score::parts, may be empty
    std::size_t notes = 0;                // of pitched parts; equal ones of a part count once
    std::vector<NoteLine> lines;

    // Bars from the start of the piece, with the passed share of the bar: 2.5 is the middle of the
    // third.
    double bars_before(score::Ticks at) const;
};

// Drums have no lines. Times are compared as they stand: pieces that are compared need one
// resolution and one grid.
NoteLines note_lines_of(const score::Score& score);

// The music as the tokens hold it, on their grid, so that all that is compared went the same way.
score::Score as_held(const tokens::Tokenizer& tokenizer, const score::Score& score);
// The same for tokens; `ids` may be cut anywhere.
score::Score as_held(const tokens::Tokenizer& tokenizer, std::span<const tokens::TokenId> ids);

}  // namespace symphony::corpus
