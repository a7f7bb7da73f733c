#include "symphony/models/ngram/ngram_model.h"

#include <algorithm>
#include <cmath>

namespace symphony::models::ngram {

NgramTables make_tables(const CountTree& tree, std::vector<Discounts> discounts) {
    NgramTables tables;
    tables.vocabulary_size = tree.vocabulary_size;
    tables.end_token = tree.end_token;
    tables.discounts = std::move(discounts);
    const auto order = static_cast<std::size_t>(tables.order());
    const auto nodes = static_cast<std::ptrdiff_t>(tree.level_begin[order]);
    const auto highest = tree.entry_begin[tree.level_begin[order - 1]];  // its first entry
    const auto entries = static_cast<std::ptrdiff_t>(tree.entry_begin[tree.level_begin[order]]);
    tables.keys.assign(tree.keys.begin(), tree.keys.begin() + nodes);
    tables.child_begin.assign(tree.child_begin.begin(), tree.child_begin.begin() + nodes + 1);
    tables.entry_begin.assign(tree.entry_begin.begin(), tree.entry_begin.begin() + nodes + 1);
    tables.tokens.assign(tree.tokens.begin(), tree.tokens.begin() + entries);
    tables.counts.assign(tree.continuations.begin(), tree.continuations.begin() + entries);
    std::copy(tree.raw.begin() + highest, tree.raw.begin() + entries,
              tables.counts.begin() + highest);
    // The highest level's children were cut off.
    for (std::uint32_t& begin : tables.child_begin)
        begin = std::min(begin, static_cast<std::uint32_t>(nodes));
    return tables;
}

NgramModel::NgramModel(std::shared_ptr<const NgramTables> tables)
    : tables_(std::move(tables)),
      probabilities_V_(static_cast<std::size_t>(tables_->vocabulary_size)),
      logits_V_(probabilities_V_.size()) {
    history_.reserve(static_cast<std::size_t>(tables_->order()));
}

void NgramModel::interpolate(std::int64_t node, int level) {
    const auto n = static_cast<std::size_t>(node);
    const std::uint32_t begin = tables_->entry_begin[n], end = tables_->entry_begin[n + 1];
    if (begin == end) return;
    const Discounts& discounts = tables_->discounts[static_cast<std::size_t>(level)];
    const auto discount = [&](std::uint32_t count) {
        return static_cast<double>(discounts[std::min(count, 3u) - 1]);
    };
    double total = 0, freed = 0;
    for (std::uint32_t i = begin; i < end; ++i) {
        total += tables_->counts[i];
        freed += discount(tables_->counts[i]);
    }
    const double passed_on = freed / total;
    for (double& p : probabilities_V_) p *= passed_on;
    for (std::uint32_t i = begin; i < end; ++i)
        probabilities_V_[tables_->tokens[i]] +=
            (tables_->counts[i] - discount(tables_->counts[i])) / total;
}

std::span<const float> NgramModel::next(int token) {
    if (token == tables_->end_token) history_.clear();
    if (history_.size() + 1 >= static_cast<std::size_t>(tables_->order()) && !history_.empty())
        history_.erase(history_.begin());
    if (tables_->order() > 1) history_.push_back(token);

    std::fill(probabilities_V_.begin(), probabilities_V_.end(),
              1.0 / static_cast<double>(tables_->vocabulary_size));
    std::int64_t node = 0;
    interpolate(node, 0);
    for (int level = 1; level <= static_cast<int>(history_.size()); ++level) {
        const int key = history_[history_.size() - static_cast<std::size_t>(level)];
        node = find_child(tables_->keys, tables_->child_begin, node, key);
        if (node < 0) break;
        interpolate(node, level);
    }
    for (std::size_t v = 0; v < logits_V_.size(); ++v)
        logits_V_[v] = static_cast<float>(std::log(probabilities_V_[v]));
    return logits_V_;
}

}  // namespace symphony::models::ngram
