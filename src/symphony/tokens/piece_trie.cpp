#include "symphony/tokens/piece_trie.h"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace symphony::tokens {

PieceTrie::PieceTrie(std::span<const std::vector<int>> pieces) : nodes_(1) {
    std::vector<int> order(pieces.size());
    std::iota(order.begin(), order.end(), 0);
    const auto piece_at = [&](int place) -> const std::vector<int>& {
        return pieces[at(order[at(place)])];
    };
    std::stable_sort(order.begin(), order.end(),
                     [&](int a, int b) { return pieces[at(a)] < pieces[at(b)]; });
    // Breadth first, so that children lie side by side; a node's pieces are a range of the order.
    struct Range {
        int from = 0, to = 0;
        std::size_t depth = 0;
    };
    std::vector<Range> ranges{{0, static_cast<int>(pieces.size()), 0}};
    for (std::size_t node = 0; node < ranges.size(); ++node) {
        auto [from, to, depth] = ranges[node];
        while (from < to && piece_at(from).size() == depth) {
            if (nodes_[node].piece == kNone) nodes_[node].piece = order[at(from)];
            ++from;
        }
        nodes_[node].first_child = size();
        while (from < to) {
            const int label = piece_at(from)[depth];
            int end = from + 1;
            while (end < to && piece_at(end)[depth] == label) ++end;
            nodes_.push_back({.label = label});
            ranges.push_back({from, end, depth + 1});
            from = end;
        }
        nodes_[node].last_child = size();
    }
}

int PieceTrie::child(int node, int label) const {
    const auto [first, last] = children(node);
    const auto begin = nodes_.begin() + first, end = nodes_.begin() + last;
    const auto found = std::lower_bound(
        begin, end, label, [](const Node& child, int wanted) { return child.label < wanted; });
    return found == end || found->label != label ? kNone : static_cast<int>(found - nodes_.begin());
}

}  // namespace symphony::tokens
