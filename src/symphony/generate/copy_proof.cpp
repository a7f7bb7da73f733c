#include "symphony/generate/copy_proof.h"

#include <set>
#include <vector>

namespace symphony::generate {

bool take_keeps(const CopyLimit& limit, const tokens::Tokenizer& tokenizer,
                const score::Score& take, int first_bar) {
    return !copies_too_much(corpus::note_lines_of(corpus::as_held(tokenizer, take)), limit,
                            static_cast<std::size_t>(first_bar));
}

bool filling_keeps(CopyLimit limit, const tokens::StreamTokenizer& tokenizer,
                   const score::Score& filled, std::span<const std::pair<int, int>> open) {
    // The tokens have the parts in another order than the piece, and those alone that play.
    std::vector<int> playing(filled.parts.size(), 0);  // number among those that play
    int next = 0;
    for (std::size_t p = 0; p < filled.parts.size(); ++p) {
        playing[p] = next;
        next += filled.parts[p].notes.empty() ? 0 : 1;
    }
    const tokens::GridPiece piece = tokenizer.prepare(filled);
    std::vector<std::size_t> source_of(piece.parts.size(), 0);
    for (const tokens::GridNote& note : piece.notes)
        source_of[static_cast<std::size_t>(note.part)] = static_cast<std::size_t>(note.source_part);
    const std::set<std::pair<int, int>> cells(open.begin(), open.end());
    limit.is_composed = [&](std::size_t bar, std::size_t part) {
        return part < source_of.size() &&
               cells.contains({static_cast<int>(bar), playing[source_of[part]]});
    };
    return !copies_too_much(corpus::note_lines_of(corpus::as_held(tokenizer, filled)), limit);
}

}  // namespace symphony::generate
