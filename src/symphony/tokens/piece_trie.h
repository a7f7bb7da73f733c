// A trie over pieces, which are sequences of numbers: what begins alike is walked once. Nodes lie
// in flat arrays, the children of a node side by side in the order of their labels. Source: own.
#pragma once

#include <span>
#include <utility>
#include <vector>

namespace symphony::tokens {

class PieceTrie {
  public:
    static constexpr int kRoot = 0, kNone = -1;

    PieceTrie() : PieceTrie(std::span<const std::vector<int>>()) {}
    // Of two equal pieces the first is found; an empty piece ends at the root.
    explicit PieceTrie(std::span<const std::vector<int>> pieces);

    // The child of `node` under `label`; kNone if there is none. In the logarithm of its children.
    int child(int node, int label) const;
    // The piece that ends at the node; kNone if none does.
    int piece(int node) const { return nodes_[at(node)].piece; }
    int label(int node) const { return nodes_[at(node)].label; }
    // The node's children are [first, second).
    std::pair<int, int> children(int node) const {
        return {nodes_[at(node)].first_child, nodes_[at(node)].last_child};
    }
    int size() const { return static_cast<int>(nodes_.size()); }

  private:
    struct Node {
        int label = 0, piece = kNone;
        int first_child = 0, last_child = 0;
    };
    static std::size_t at(int node) { return static_cast<std::size_t>(node); }

    std::vector<Node> nodes_;
};

// Goes through the trie as far as a state allows, depth first and without recursion: pieces of a
// file may be long. look(state, node) gives the children of `node` to go into after the words down
// to it; copy(state) a state of its own for each of them but the last; take(state, label) takes a
// word.
template <class State, class Look, class Copy, class Take>
void walk_pieces(const PieceTrie& trie, State start, const Look& look, const Copy& copy,
                 const Take& take) {
    struct Level {
        State state;
        std::vector<int> children;  // not gone into yet; at least one
    };
    std::vector<Level> levels;
    const auto enter = [&](State state, int node) {
        std::vector<int> children = look(state, node);
        if (!children.empty()) levels.push_back({std::move(state), std::move(children)});
    };
    enter(std::move(start), PieceTrie::kRoot);
    while (!levels.empty()) {
        Level& level = levels.back();
        const int child = level.children.back();
        level.children.pop_back();
        const bool is_last = level.children.empty();
        State ahead = is_last ? std::move(level.state) : copy(level.state);
        if (is_last) levels.pop_back();
        take(ahead, trie.label(child));
        enter(std::move(ahead), child);
    }
}

}  // namespace symphony::tokens
