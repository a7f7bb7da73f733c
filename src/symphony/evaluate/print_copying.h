// How much of a piece is copied from the pieces that a model was trained on, where only their
// fingerprints are at hand (corpus::CopyPrints): in pitch and rhythm, in any key.
#pragma once

#include "symphony/corpus/copying/copy_prints.h"
#include "symphony/evaluate/copying.h"

namespace symphony::evaluate {

struct PrintCopying {
    std::string name;
    std::size_t bars = 0, notes = 0;
    std::size_t notes_left_out = 0;  // pitched ones that the tokens cannot say
    // Of the longest run of fingerprints; 0: none. A true match of sure_notes() notes or more is
    // told with at most unseen_notes() too few.
    std::size_t longest_notes = 0;
    double longest_bars = 0;         // as CopyFigures::longest_bars
    double share = 0;                // of notes in runs of `least_notes` and more
    std::optional<CopyPlace> place;  // of the longest; key, speed, part there: not known
};

// [line][note]: how many notes from there on lie in one run.
std::vector<std::vector<std::uint32_t>> longest_by_prints(const corpus::CopyPrints& prints,
                                                          const corpus::NoteLines& piece);

// The music goes through the tokens first. Precondition: they have the fingerprints' grid.
PrintCopying judge_by_prints(const corpus::CopyPrints& prints, const tokens::Tokenizer& tokenizer,
                             const std::string& name, const score::Score& score,
                             std::size_t least_notes);

base::Json to_json(const PrintCopying& copying);

}  // namespace symphony::evaluate
