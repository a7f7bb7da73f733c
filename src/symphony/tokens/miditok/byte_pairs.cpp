#include "symphony/tokens/miditok/byte_pairs.h"

#include <queue>
#include <set>

namespace symphony::tokens::miditok {
namespace {

// A pair that may be merged next, with the words it was seen in.
struct Candidate {
    std::int64_t count = 0;
    std::pair<int, int> pair;
    std::set<std::size_t> words;

    // The most frequent first; of these the smallest pair.
    bool operator<(const Candidate& other) const {
        return count != other.count ? count < other.count : other.pair < pair;
    }
};

struct Change {
    std::pair<int, int> pair;
    int by = 0;
};

// Merges `pair` in `word` from left to right; what that does to the counts of neighbours.
std::vector<Change> merge_in(std::vector<int>& word, std::pair<int, int> pair, int merged) {
    std::vector<Change> changes;
    std::size_t kept = 0;  // of the word so far; a word may be a whole track
    for (std::size_t i = 0; i < word.size();) {
        if (i + 1 == word.size() || word[i] != pair.first || word[i + 1] != pair.second) {
            word[kept++] = word[i++];
            continue;
        }
        i += 2;
        if (kept > 0) {
            changes.push_back({{word[kept - 1], pair.first}, -1});
            changes.push_back({{word[kept - 1], merged}, 1});
        }
        if (i < word.size()) {
            changes.push_back({{pair.second, word[i]}, -1});
            changes.push_back({{merged, word[i]}, 1});
        }
        word[kept++] = merged;
    }
    word.resize(kept);
    return changes;
}

}  // namespace

BytePairs BytePairs::learn(const std::map<std::vector<int>, std::int64_t>& counted,
                           std::vector<std::vector<int>>& pieces, int vocabulary_size) {
    BytePairs model;
    std::map<std::vector<int>, int> known;  // piece -> id
    for (std::size_t id = 0; id < pieces.size(); ++id)
        known.emplace(pieces[id], static_cast<int>(id));
    std::vector<std::vector<int>> words;
    std::vector<std::int64_t> counts;
    for (auto& [word, count] : counted) {
        words.push_back(word);
        counts.push_back(count);
    }
    std::map<std::pair<int, int>, std::int64_t> pairs;
    std::map<std::pair<int, int>, std::set<std::size_t>> places;
    for (std::size_t w = 0; w < words.size(); ++w)
        for (std::size_t i = 0; i + 1 < words[w].size(); ++i) {
            pairs[{words[w][i], words[w][i + 1]}] += counts[w];
            places[{words[w][i], words[w][i + 1]}].insert(w);
        }
    std::priority_queue<Candidate> queue;
    for (auto& [pair, where] : places) queue.push({pairs[pair], pair, std::move(where)});
    while (static_cast<int>(pieces.size()) < vocabulary_size && !queue.empty()) {
        Candidate top = queue.top();
        queue.pop();
        if (top.count != pairs[top.pair]) {  // it changed since it was put in
            top.count = pairs[top.pair];
            queue.push(std::move(top));
            continue;
        }
        if (top.count < 1) break;
        std::vector<int> piece = pieces[static_cast<std::size_t>(top.pair.first)];
        const auto& right = pieces[static_cast<std::size_t>(top.pair.second)];
        piece.insert(piece.end(), right.begin(), right.end());
        const auto [at, is_new] = known.emplace(piece, static_cast<int>(pieces.size()));
        if (is_new) pieces.push_back(std::move(piece));
        const int merged = at->second;
        model.add(top.pair.first, top.pair.second, merged);
        std::map<std::pair<int, int>, std::set<std::size_t>> touched;
        for (const std::size_t w : top.words)
            for (const Change& change : merge_in(words[w], top.pair, merged)) {
                pairs[change.pair] += change.by * counts[w];
                if (change.by > 0) touched[change.pair].insert(w);
            }
        for (auto& [pair, where] : touched)
            if (pairs[pair] > 0) queue.push({pairs[pair], pair, std::move(where)});
    }
    return model;
}

void BytePairs::add(int left, int right, int merged) {
    merges_[key(left, right)] = {static_cast<int>(merge_list_.size()), merged};
    merge_list_.emplace_back(left, right);
}

void BytePairs::segment(std::span<const int> given, std::vector<int>& ids,
                        std::vector<int>& counts) const {
    struct Symbol {
        int id = 0, count = 1;
        int before = -1, after = -1;
        bool alive = true;
    };
    std::vector<Symbol> symbols;
    for (const int id : given) symbols.push_back({.id = id});
    struct Step {
        int rank = 0, at = 0, id = 0;
        bool operator<(const Step& other) const {
            return rank != other.rank ? other.rank < rank : other.at < at;
        }
    };
    std::priority_queue<Step> queue;
    const auto merge_of = [&](int left, int right) -> const Merge* {
        const auto found = merges_.find(key(symbols[static_cast<std::size_t>(left)].id,
                                            symbols[static_cast<std::size_t>(right)].id));
        return found == merges_.end() ? nullptr : &found->second;
    };
    const auto offer = [&](int left, int right) {
        if (left < 0 || right < 0) return;
        if (const Merge* merge = merge_of(left, right)) queue.push({merge->rank, left, merge->id});
    };
    for (int i = 0; i < static_cast<int>(symbols.size()); ++i) {
        symbols[static_cast<std::size_t>(i)].before = i - 1;
        symbols[static_cast<std::size_t>(i)].after =
            i + 1 < static_cast<int>(symbols.size()) ? i + 1 : -1;
        offer(i - 1, i);
    }
    while (!queue.empty()) {
        const Step step = queue.top();
        queue.pop();
        Symbol& left = symbols[static_cast<std::size_t>(step.at)];
        if (!left.alive || left.after < 0) continue;
        const Merge* merge = merge_of(step.at, left.after);
        if (!merge || merge->id != step.id) continue;
        Symbol& right = symbols[static_cast<std::size_t>(left.after)];
        left.id = step.id;
        left.count += right.count;
        right.alive = false;
        left.after = right.after;
        if (left.after >= 0) symbols[static_cast<std::size_t>(left.after)].before = step.at;
        offer(left.before, step.at);
        offer(step.at, left.after);
    }
    for (const Symbol& symbol : symbols) {
        if (!symbol.alive) continue;
        ids.push_back(symbol.id);
        counts.push_back(symbol.count);
    }
}

}  // namespace symphony::tokens::miditok
