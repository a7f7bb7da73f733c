#include "symphony/tokens/miditok/unigram_trainer.h"

#include "symphony/tokens/miditok/unigram_lattice.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <span>

namespace symphony::tokens::miditok {
namespace {

constexpr int kStepsPerPruning = 2;
constexpr double kShrinking = 0.75;
constexpr double kLeastExpected = 0.5;        // what is expected less often is dropped
constexpr double kUnknownPenalty = 10;        // nats below the least likely piece
constexpr double kUnusedSymbolStep = 0.0001;  // nats between symbols that no piece is left of

// The series at 1/2 below the argument, which is first brought to 7 or more.
double digamma(double x) {
    double result = 0;
    for (; x < 7; x += 1) result -= 1 / x;
    x -= 0.5;
    const double inverse = 1 / x, square = inverse * inverse, fourth = square * square;
    return result + std::log(x) + 1.0 / 24 * square - 7.0 / 960 * fourth +
           31.0 / 8064 * fourth * square - 127.0 / 30720 * fourth * fourth;
}

class Trainer {
  public:
    Trainer(const std::vector<CountedWord>& words, const UnigramOptions& options)
        : words_(words), options_(options) {
        double sum = 0;
        std::vector<double> weights;
        codes_.emplace_back();  // of kUnknown
        for (UnigramSeed& seed : unigram_seeds(words, options.longest, options.seeds)) {
            weights.push_back(static_cast<double>(seed.weight));
            sum += weights.back();
            codes_.push_back(std::move(seed.codes));
        }
        pieces_.trie = PieceTrie(std::span(codes_).subspan(1));
        pieces_.scores.resize(codes_.size());
        pieces_.in_use.assign(codes_.size(), 1);
        for (std::size_t id = 1; id < codes_.size(); ++id) {
            order_.push_back(static_cast<int>(id));
            score(order_.back()) = std::log(weights[id - 1]) - std::log(sum);
        }
        settle_unknown();
    }

    std::vector<ScoredPiece> learn() {
        const std::size_t wanted = options_.vocabulary_size * 11 / 10;
        for (;;) {
            const std::size_t before = order_.size();
            for (int step = 0; step < kStepsPerPruning; ++step) maximise(expectation());
            if (in_use() <= wanted) break;
            prune(std::max(wanted,
                           static_cast<std::size_t>(static_cast<double>(in_use()) * kShrinking)));
            if (order_.size() == before) break;  // nothing more can go
        }
        return final_pieces();
    }

  private:
    double& score(int id) { return pieces_.scores[static_cast<std::size_t>(id)]; }
    // As the sizes are counted: with the piece for unknown symbols.
    std::size_t in_use() const { return order_.size() + 1; }

    double lowest_score() {
        double lowest = std::numeric_limits<double>::infinity();
        for (const int id : order_) lowest = std::min(lowest, score(id));
        return order_.empty() ? 0 : lowest;
    }
    void settle_unknown() { score(UnigramPieces::kUnknown) = lowest_score() - kUnknownPenalty; }

    std::vector<double> expectation() const {
        std::vector<double> expected(codes_.size(), 0.0);
        UnigramLattice lattice(pieces_);
        for (const auto& [word, count] : words_) {
            lattice.read(word);
            lattice.add_expected(static_cast<double>(count), expected);
        }
        return expected;
    }

    // With digamma in place of the logarithm: a sparse prior (Liang and Klein, 2007).
    void maximise(const std::vector<double>& expected) {
        double sum = 0;
        std::vector<int> kept;
        for (const int id : order_) {
            const double times = expected[static_cast<std::size_t>(id)];
            if (times < kLeastExpected) continue;
            kept.push_back(id);
            sum += times;
        }
        keep(std::move(kept));
        const double all = digamma(sum);
        for (const int id : order_)
            score(id) = digamma(expected[static_cast<std::size_t>(id)]) - all;
        settle_unknown();
    }

    void keep(std::vector<int> ids) {
        order_ = std::move(ids);
        std::fill(pieces_.in_use.begin() + 1, pieces_.in_use.end(), 0);
        for (const int id : order_) pieces_.in_use[static_cast<std::size_t>(id)] = 1;
    }

    // How often the likeliest cuts of all words hold each piece.
    std::vector<double> frequencies() const {
        std::vector<double> times(codes_.size(), 0.0);
        UnigramLattice lattice(pieces_);
        for (const auto& [word, count] : words_) {
            lattice.read(word);
            for (const int id : lattice.best().ids)
                times[static_cast<std::size_t>(id)] += static_cast<double>(count);
        }
        return times;
    }

    // Keeps `size` pieces: those that have no other cut, then those whose loss would cost most, if
    // their likeliest other cut stood in their place.
    void prune(std::size_t size) {
        const std::vector<double> times = frequencies();
        double sum = 0, word_count = 0;
        for (const double one : times) sum += one;
        for (const auto& [word, count] : words_) word_count += static_cast<double>(count);
        struct Candidate {
            int id = 0;
            double loss = 0;
        };
        std::vector<Candidate> candidates;
        std::vector<int> kept;
        UnigramLattice lattice(pieces_);
        for (const int id : order_) {
            const auto& codes = codes_[static_cast<std::size_t>(id)];
            const double here = times[static_cast<std::size_t>(id)];
            if (codes.size() > 1 && here == 0) continue;
            lattice.read(codes, id);
            const UnigramLattice::Path other = lattice.best();
            if (codes.size() == 1 || other.score > score(id)) {
                kept.push_back(id);
                continue;
            }
            // Of all pieces, not of the other cut's: the factor that sentencepiece and Hugging Face
            // take, on which their vocabularies depend.
            const double sum_without = std::log(sum + here * static_cast<double>(in_use() - 1));
            double score_without = 0;
            // From the first part to the last: equal losses must stay equal to the last bit.
            for (std::size_t i = other.ids.size(); i > 0; --i)
                score_without +=
                    std::log(times[static_cast<std::size_t>(other.ids[i - 1])] + here) -
                    sum_without;
            candidates.push_back(
                {id, here / word_count * (std::log(here) - std::log(sum) - score_without)});
        }
        std::stable_sort(candidates.begin(), candidates.end(),
                         [](const Candidate& a, const Candidate& b) { return a.loss > b.loss; });
        for (const Candidate& candidate : candidates) {
            if (kept.size() + 1 >= size) break;
            kept.push_back(candidate.id);
        }
        keep(std::move(kept));
        settle_unknown();
    }

    std::vector<ScoredPiece> final_pieces() {
        std::set<int> symbols(options_.alphabet.begin(), options_.alphabet.end());
        for (const auto& [word, count] : words_) symbols.insert(word.begin(), word.end());
        std::map<int, int> id_of_symbol;
        for (const int id : order_)
            if (const auto& codes = codes_[static_cast<std::size_t>(id)]; codes.size() == 1)
                id_of_symbol.emplace(codes.front(), id);
        std::vector<ScoredPiece> result;
        double unused = lowest_score();
        for (const int symbol : symbols) {
            const auto found = id_of_symbol.find(symbol);
            result.push_back(
                {{symbol}, found == id_of_symbol.end() ? unused : score(found->second)});
            if (found == id_of_symbol.end()) unused += kUnusedSymbolStep;
        }
        for (const int id : order_) {
            if (result.size() >= options_.vocabulary_size - options_.specials) break;
            const auto& codes = codes_[static_cast<std::size_t>(id)];
            if (codes.size() > 1) result.push_back({codes, score(id)});
        }
        std::stable_sort(
            result.begin(), result.end(),
            [](const ScoredPiece& a, const ScoredPiece& b) { return a.score > b.score; });
        return result;
    }

    const std::vector<CountedWord>& words_;
    const UnigramOptions& options_;
    std::vector<std::vector<int>> codes_;  // by id; empty for kUnknown
    UnigramPieces pieces_;
    std::vector<int> order_;  // ids in use
};

}  // namespace

std::vector<ScoredPiece> learn_unigram(const std::vector<CountedWord>& words,
                                       const UnigramOptions& options) {
    return Trainer(words, options).learn();
}

}  // namespace symphony::tokens::miditok
