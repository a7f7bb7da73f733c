#include "symphony/tokens/miditok/unigram_lattice.h"

#include <algorithm>
#include <cmath>

namespace symphony::tokens::miditok {
namespace {

// log(exp(a) + exp(b))
double log_sum(double a, double b) {
    constexpr double kNegligible = 50;  // nats
    const double low = std::min(a, b), high = std::max(a, b);
    if (high > low + kNegligible) return high;
    return high + std::log(std::exp(low - high) + 1.0);
}

}  // namespace

void UnigramLattice::read(std::span<const int> word, int without) {
    length_ = word.size();
    matches_.clear();
    for (std::size_t begin = 0; begin < word.size(); ++begin) {
        bool has_symbol = false;
        int node = PieceTrie::kRoot;
        for (std::size_t end = begin; end < word.size();) {
            node = pieces_->trie.child(node, word[end]);
            if (node == PieceTrie::kNone) break;
            ++end;
            const int id = pieces_->trie.piece(node) + 1;
            if (id == 0 || id == without || !pieces_->in_use[static_cast<std::size_t>(id)])
                continue;
            matches_.push_back({begin, end, id, pieces_->scores[static_cast<std::size_t>(id)]});
            has_symbol = has_symbol || end == begin + 1;
        }
        if (!has_symbol)
            matches_.push_back({begin, begin + 1, UnigramPieces::kUnknown, pieces_->scores[0]});
    }
}

void UnigramLattice::add_expected(double count, std::vector<double>& expected) {
    before_.assign(length_ + 1, -INFINITY);
    behind_.assign(length_ + 1, -INFINITY);
    before_.front() = behind_.back() = 0;
    const auto add = [](double& sum, double term) {
        sum = std::isinf(sum) ? term : log_sum(sum, term);
    };
    for (const Match& match : matches_) add(before_[match.end], match.score + before_[match.begin]);
    // Backwards over beginnings, but forwards over the matches of each.
    for (std::size_t last = matches_.size(); last > 0;) {
        std::size_t first = last - 1;
        while (first > 0 && matches_[first - 1].begin == matches_[last - 1].begin) --first;
        for (std::size_t m = first; m < last; ++m)
            add(behind_[matches_[m].begin], matches_[m].score + behind_[matches_[m].end]);
        last = first;
    }
    const double all = before_.back();
    for (const Match& match : matches_)
        expected[static_cast<std::size_t>(match.id)] +=
            count * std::exp(before_[match.begin] + match.score + behind_[match.end] - all);
}

UnigramLattice::Path UnigramLattice::best() {
    before_.assign(length_ + 1, 0);
    best_.assign(length_ + 1, nullptr);
    for (const Match& match : matches_) {
        if (match.begin > 0 && !best_[match.begin]) continue;
        const double score = before_[match.begin] + match.score;
        if (best_[match.end] && score <= before_[match.end]) continue;
        before_[match.end] = score;
        best_[match.end] = &match;
    }
    path_.clear();
    if (length_ == 0 || !best_.back()) return {};
    for (const Match* match = best_.back();; match = best_[match->begin]) {
        path_.push_back(match->id);
        if (match->begin == 0) break;
    }
    return {path_, before_.back()};
}

}  // namespace symphony::tokens::miditok
