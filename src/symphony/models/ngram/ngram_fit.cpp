#include "symphony/models/ngram/ngram_fit.h"

#include "symphony/base/stop_signal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace symphony::models::ngram {
namespace {

// All that one level of the formula needs to know of one predicted token.
struct Level {
    float count = 0;                   // of the token after the context
    float total = 0;                   // of the context; 0: never seen
    std::array<float, 3> followers{};  // N1, N2, N3+
};

// counts[kContinuation] below the highest order, counts[kRaw] at it.
enum { kContinuation, kRaw };

// For each held-out token the levels 0 .. max_order-1, in both countings.
class HeldOut {
  public:
    HeldOut(const CountTree& tree, std::span<const TokenRun> valid) : levels_(tree.levels()) {
        for (const TokenRun& sequence : valid)
            for (std::size_t t = 0; t < sequence.size() && tokens_ < kMostTokens; ++t)
                add(tree, sequence, t);
        uniform_ = 1.0 / tree.vocabulary_size;
    }

    // Mean nats per token of the order discounts.size().
    double loss(const std::vector<Discounts>& discounts) const {
        double sum = 0;
        for (std::size_t t = 0; t < tokens_; ++t) {
            double p = uniform_;
            for (std::size_t level = 0; level < discounts.size(); ++level) {
                const bool highest = level + 1 == discounts.size();
                const Level& l = data_[highest ? kRaw : kContinuation]
                                      [t * static_cast<std::size_t>(levels_) + level];
                if (l.total == 0) break;
                const Discounts& d = discounts[level];
                const double kept =
                    l.count > 0 ? l.count - d[static_cast<std::size_t>(std::min(l.count, 3.f)) - 1]
                                : 0;
                const double freed =
                    d[0] * l.followers[0] + d[1] * l.followers[1] + d[2] * l.followers[2];
                p = (kept + freed * p) / l.total;
            }
            sum -= std::log(p);
        }
        return sum / static_cast<double>(tokens_);
    }

  private:
    static constexpr std::size_t kMostTokens = 60'000;  // plenty for a few dozen discounts

    void add(const CountTree& tree, const TokenRun& sequence, std::size_t t) {
        for (auto& counting : data_)
            counting.resize((tokens_ + 1) * static_cast<std::size_t>(levels_));
        std::int64_t node = 0;
        for (int level = 0; level < levels_; ++level) {
            if (level > 0) {
                const auto back = static_cast<std::size_t>(level);
                if (back > t + 1) break;  // the sequence begins here
                const int key = back == t + 1 ? tree.end_token : sequence[t - back];
                node = find_child(tree.keys, tree.child_begin, node, key);
            }
            if (node < 0) break;
            const std::size_t at =
                tokens_ * static_cast<std::size_t>(levels_) + static_cast<std::size_t>(level);
            data_[kContinuation][at] = describe(tree, tree.continuations, node, sequence[t]);
            data_[kRaw][at] = describe(tree, tree.raw, node, sequence[t]);
        }
        ++tokens_;
    }

    static Level describe(const CountTree& tree, const std::vector<std::uint32_t>& counts,
                          std::int64_t node, int token) {
        Level level;
        const auto n = static_cast<std::size_t>(node);
        for (std::uint32_t i = tree.entry_begin[n]; i < tree.entry_begin[n + 1]; ++i) {
            level.total += static_cast<float>(counts[i]);
            level.followers[std::min(counts[i], 3u) - 1] += 1;
            if (tree.tokens[i] == token) level.count = static_cast<float>(counts[i]);
        }
        return level;
    }

    int levels_;
    std::size_t tokens_ = 0;
    double uniform_ = 1;
    std::array<std::vector<Level>, 2> data_;
};

constexpr float kLeast = 0.001f;  // every token keeps some probability

// Chen & Goodman's estimate from how many n-grams occur once, twice, three and four times.
Discounts estimate(const CountTree& tree, int level, bool highest) {
    const auto& counts = highest ? tree.raw : tree.continuations;
    std::array<double, 5> n{};
    const auto l = static_cast<std::size_t>(level);
    const auto begin = tree.entry_begin[tree.level_begin[l]];
    const auto end = tree.entry_begin[tree.level_begin[l + 1]];
    for (std::uint32_t i = begin; i < end; ++i)
        if (counts[i] <= 4) ++n[counts[i]];
    Discounts d{0.5f, 1.0f, 1.5f};
    if (n[1] == 0 || n[2] == 0 || n[3] == 0) return d;
    const double y = n[1] / (n[1] + 2 * n[2]);
    for (std::size_t k = 1; k <= 3; ++k)
        d[k - 1] = std::clamp(static_cast<float>(static_cast<double>(k) -
                                                 static_cast<double>(k + 1) * y * n[k + 1] / n[k]),
                              kLeast, static_cast<float>(k));
    return d;
}

// One discount at a time to the best of a few values around it, closer and closer.
double improve(std::vector<Discounts>& discounts, const HeldOut& held_out, std::size_t first_level,
               int rounds) {
    double best = held_out.loss(discounts);
    float reach = 0.3f;
    for (int round = 0; round < rounds; ++round, reach *= 0.5f)
        for (std::size_t level = first_level; level < discounts.size(); ++level)
            for (std::size_t k = 0; k < 3; ++k)
                for (const float sign : {-1.f, 1.f}) {
                    // Goes on in this direction while it pays.
                    while (true) {
                        const float before = discounts[level][k];
                        const float most = static_cast<float>(k + 1);
                        discounts[level][k] =
                            std::clamp(before + sign * reach * most, kLeast, most);
                        const double loss = held_out.loss(discounts);
                        if (loss < best - 1e-7) {
                            best = loss;
                            continue;
                        }
                        discounts[level][k] = before;
                        break;
                    }
                }
    return best;
}

// The tree holds about tokens x order nodes of some twenty bytes, fewer where contexts repeat.
int affordable_order(std::span<const TokenRun> train) {
    constexpr std::size_t kMostNodes = 40'000'000;
    std::size_t tokens = 1;
    for (const TokenRun& sequence : train) tokens += sequence.size();
    return static_cast<int>(std::clamp<std::size_t>(kMostNodes / tokens, 8, 16));
}

// The smallest order within a thousandth of the best: beyond it tables grow and nothing is gained.
std::size_t best_order(const std::vector<double>& loss_by_order) {
    const double best = *std::min_element(loss_by_order.begin(), loss_by_order.end());
    const auto good = std::find_if(loss_by_order.begin(), loss_by_order.end(),
                                   [best](double loss) { return loss <= 1.001 * best; });
    return static_cast<std::size_t>(good - loss_by_order.begin()) + 1;
}

}  // namespace

NgramFit fit_ngram(std::span<const TokenRun> train, std::span<const TokenRun> valid,
                   int vocabulary_size, int end_token, const NgramFitOptions& options,
                   base::Progress& progress) {
    const int most = options.order > 0       ? options.order
                     : options.max_order > 0 ? options.max_order
                                             : affordable_order(train);
    progress.begin("count n-grams", 0);
    const CountTree tree = count_contexts(train, vocabulary_size, end_token, most - 1);
    const HeldOut held_out(tree, valid);

    NgramFit fit;
    progress.begin("choose order and discounts", most);
    std::vector<Discounts> discounts;
    std::vector<std::vector<Discounts>> discounts_by_order;
    for (int order = 1; order <= most; ++order) {
        base::throw_if_stop_requested();
        // The level that was highest now counts continuations.
        if (order > 1) discounts.back() = estimate(tree, order - 2, /*highest=*/false);
        discounts.push_back(estimate(tree, order - 1, /*highest=*/true));
        const std::size_t first_new = order > 1 ? discounts.size() - 2 : 0;
        const double loss = improve(discounts, held_out, first_new, /*rounds=*/3);
        fit.loss_by_order.push_back(loss);
        discounts_by_order.push_back(discounts);
        progress.update(order, fmt::format("order {}: {:.3f} nats", order, loss));
    }
    const std::size_t chosen =
        options.order > 0 ? static_cast<std::size_t>(options.order) : best_order(fit.loss_by_order);
    std::vector<Discounts>& best_discounts = discounts_by_order[chosen - 1];
    fit.valid_loss = improve(best_discounts, held_out, 0, /*rounds=*/4);
    fit.tables = make_tables(tree, std::move(best_discounts));
    progress.end();
    return fit;
}

}  // namespace symphony::models::ngram
