#include "symphony/tokens/miditok/unigram.h"

#include <algorithm>
#include <cassert>

namespace symphony::tokens::miditok {

void Unigram::segment(std::span<const int> symbols, std::vector<int>& ids,
                      std::vector<int>& counts) const {
    struct Best {
        double score = 0;
        std::size_t begin = 0;
        int piece = PieceTrie::kNone;
    };
    std::vector<Best> best(symbols.size() + 1);  // of all that ends there
    for (std::size_t begin = 0; begin < symbols.size(); ++begin) {
        int node = PieceTrie::kRoot;
        for (std::size_t end = begin; end < symbols.size();) {
            node = trie_.child(node, symbols[end]);
            if (node == PieceTrie::kNone) break;
            ++end;
            const int piece = trie_.piece(node);
            if (piece == PieceTrie::kNone) continue;
            const double score = best[begin].score + scores_[static_cast<std::size_t>(piece)];
            if (best[end].piece == PieceTrie::kNone || score > best[end].score)
                best[end] = {score, begin, piece};
        }
    }
    const std::size_t first = ids.size();
    for (std::size_t end = symbols.size(); end > 0; end = best[end].begin) {
        assert(best[end].piece != PieceTrie::kNone);
        ids.push_back(best[end].piece);
        counts.push_back(static_cast<int>(end - best[end].begin));
    }
    std::reverse(ids.begin() + static_cast<std::ptrdiff_t>(first), ids.end());
    std::reverse(counts.end() - static_cast<std::ptrdiff_t>(ids.size() - first), counts.end());
}

}  // namespace symphony::tokens::miditok
