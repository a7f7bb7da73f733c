#include "symphony/models/ngram/count_tree.h"

#include <algorithm>

namespace symphony::models::ngram {
namespace {

// All sequences, each behind an end token, and the places of all predicted tokens.
struct Text {
    std::vector<std::uint16_t> tokens;
    std::vector<std::uint32_t> predicted;
};

Text join(std::span<const TokenRun> sequences, int end_token) {
    Text text;
    for (const TokenRun& sequence : sequences) {
        text.tokens.push_back(static_cast<std::uint16_t>(end_token));
        for (std::uint16_t id : sequence) {
            text.predicted.push_back(static_cast<std::uint32_t>(text.tokens.size()));
            text.tokens.push_back(id);
        }
    }
    return text;
}

// Sorted by context, newest token first, so that equal contexts of every length lie together.
void sort_by_context(Text& text, int end_token, int max_context) {
    const std::uint16_t* tokens = text.tokens.data();
    std::sort(text.predicted.begin(), text.predicted.end(), [=](std::uint32_t a, std::uint32_t b) {
        for (int back = 1; back <= max_context; ++back) {
            const std::uint16_t x = tokens[a - static_cast<std::uint32_t>(back)];
            const std::uint16_t y = tokens[b - static_cast<std::uint32_t>(back)];
            if (x != y) return x < y;
            if (x == end_token) return false;  // the sequence begins here
        }
        return false;
    });
}

// A stretch of `predicted` with equal contexts: one node.
struct Group {
    std::uint32_t begin, end;
    bool at_start;  // the context reaches the sequence's beginning
};

class Counter {
  public:
    Counter(const Text& text, CountTree& tree)
        : text_(text), tree_(tree), counts_(static_cast<std::size_t>(tree.vocabulary_size)) {}

    // Appends the group's node with its entries, and its children to `next_level`.
    void add(const Group& group, int level, bool deepest, std::vector<Group>& next_level) {
        tree_.entry_begin.push_back(static_cast<std::uint32_t>(tree_.tokens.size()));
        tree_.child_begin.push_back(static_cast<std::uint32_t>(first_child_ + next_level.size()));
        const bool has_children = !deepest && !group.at_start;
        seen_.clear();
        int child_key = -1;
        for (std::uint32_t i = group.begin; i < group.end; ++i) {
            const std::uint32_t place = text_.predicted[i];
            if (has_children) {
                const int key = text_.tokens[place - static_cast<std::uint32_t>(level) - 1];
                if (key != child_key) {
                    child_key = key;
                    ++child_number_;
                    if (i > group.begin) next_level.back().end = i;
                    next_level.push_back({i, group.end, key == tree_.end_token});
                }
            }
            count(text_.tokens[place], has_children);
        }
        std::sort(seen_.begin(), seen_.end());
        for (std::uint16_t token : seen_) {
            Count& c = counts_[token];
            tree_.tokens.push_back(token);
            tree_.raw.push_back(c.raw);
            tree_.continuations.push_back(has_children ? c.children : c.raw);
            c = {};
        }
    }
    void begin_level(std::size_t first_child) { first_child_ = first_child; }

  private:
    struct Count {
        std::uint32_t raw = 0, children = 0;
        std::uint64_t last_child = 0;
    };
    void count(std::uint16_t token, bool has_children) {
        Count& c = counts_[token];
        if (c.raw++ == 0) seen_.push_back(token);
        if (has_children && c.last_child != child_number_) {
            c.last_child = child_number_;
            ++c.children;
        }
    }

    const Text& text_;
    CountTree& tree_;
    std::vector<Count> counts_;  // by token, for one group
    std::vector<std::uint16_t> seen_;
    std::uint64_t child_number_ = 0;
    std::size_t first_child_ = 0;  // node number of the next level's first node
};

}  // namespace

CountTree count_contexts(std::span<const TokenRun> sequences, int vocabulary_size, int end_token,
                         int max_context) {
    Text text = join(sequences, end_token);
    sort_by_context(text, end_token, max_context);
    CountTree tree;
    tree.vocabulary_size = vocabulary_size;
    tree.end_token = end_token;
    Counter counter(text, tree);
    std::vector<Group> level{{0, static_cast<std::uint32_t>(text.predicted.size()), false}};
    for (int depth = 0; depth <= max_context; ++depth) {
        tree.level_begin.push_back(tree.keys.size());
        counter.begin_level(tree.keys.size() + level.size());
        std::vector<Group> next_level;
        for (const Group& group : level) {
            const std::uint32_t oldest =
                text.predicted[group.begin] - static_cast<std::uint32_t>(depth);
            tree.keys.push_back(depth == 0 ? std::uint16_t{0} : text.tokens[oldest]);
            counter.add(group, depth, depth == max_context, next_level);
        }
        level = std::move(next_level);
    }
    tree.level_begin.push_back(tree.keys.size());
    tree.child_begin.push_back(static_cast<std::uint32_t>(tree.keys.size()));
    tree.entry_begin.push_back(static_cast<std::uint32_t>(tree.tokens.size()));
    return tree;
}

std::int64_t find_child(std::span<const std::uint16_t> keys,
                        std::span<const std::uint32_t> child_begin, std::int64_t node, int key) {
    const auto n = static_cast<std::size_t>(node);
    const auto first = keys.begin() + child_begin[n], last = keys.begin() + child_begin[n + 1];
    const auto found = std::lower_bound(first, last, key);
    return found != last && *found == key ? found - keys.begin() : -1;
}

}  // namespace symphony::models::ngram
