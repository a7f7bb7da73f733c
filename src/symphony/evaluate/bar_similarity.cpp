#include "symphony/evaluate/bar_similarity.h"

#include "symphony/base/rng.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <tuple>

namespace symphony::evaluate {
namespace {

using score::Ticks;

// As in the paper.
constexpr std::size_t kFarthest = 40;
constexpr int kResamples = 1000;

using BarNote = std::tuple<Ticks, Ticks, int, bool>;  // onset in the bar, length, pitch, drum

std::vector<std::vector<BarNote>> notes_by_bar(const score::Score& score) {
    const auto bars = score::bars_of(score);
    std::vector<std::vector<BarNote>> notes(bars.size());
    for (const score::Part& part : score.parts)
        for (const score::Note& note : part.notes) {
            const std::size_t bar = score::bar_index(bars, note.onset);
            notes[bar].emplace_back(note.onset - bars[bar].onset, note.duration, int{note.pitch},
                                    part.is_drums);
        }
    for (auto& bar : notes) {
        std::sort(bar.begin(), bar.end());
        bar.erase(std::unique(bar.begin(), bar.end()), bar.end());
    }
    return notes;
}

std::vector<BarSimilarity> similarities(std::span<const score::Score> scores) {
    std::vector<BarSimilarity> all;
    for (const score::Score& score : scores) all.push_back(bar_similarity(score, kFarthest));
    return all;
}

// The pieces with these numbers together.
BarSimilarity sum_of(const std::vector<BarSimilarity>& pieces,
                     std::span<const std::size_t> numbers) {
    BarSimilarity sum{std::vector<double>(kFarthest), std::vector<double>(kFarthest)};
    for (const std::size_t i : numbers)
        for (std::size_t t = 0; t < pieces[i].sums.size(); ++t) {
            sum.sums[t] += pieces[i].sums[t];
            sum.pairs[t] += pieces[i].pairs[t];
        }
    return sum;
}

SimilarityError compare(const BarSimilarity& set, const BarSimilarity& reference) {
    SimilarityError result;
    double sum = 0;
    for (std::size_t t = 0; t < kFarthest; ++t) {
        if (set.pairs[t] == 0 || reference.pairs[t] == 0) continue;
        result.set.push_back(set.sums[t] / set.pairs[t]);
        result.reference.push_back(reference.sums[t] / reference.pairs[t]);
        sum += std::abs(result.set.back() - result.reference.back());
    }
    if (!result.set.empty()) result.error.mean = sum / static_cast<double>(result.set.size());
    return result;
}

std::vector<std::size_t> drawn(std::size_t count, base::Rng& rng) {
    std::vector<std::size_t> numbers(count);
    for (std::size_t& number : numbers) number = rng.below(count);
    return numbers;
}

std::vector<std::size_t> each(std::size_t count) {
    std::vector<std::size_t> numbers(count);
    std::iota(numbers.begin(), numbers.end(), std::size_t{0});
    return numbers;
}

}  // namespace

double BarSimilarity::mean() const {
    return std::accumulate(sums.begin(), sums.end(), 0.0) /
           std::accumulate(pairs.begin(), pairs.end(), 0.0);
}

BarSimilarity bar_similarity(const score::Score& score, std::size_t farthest) {
    const auto bars = notes_by_bar(score);
    BarSimilarity result;
    for (std::size_t t = 1; t <= farthest && t < bars.size(); ++t) {
        double sum = 0, pairs = 0;
        for (std::size_t i = 0; i + t < bars.size(); ++i) {
            const auto &a = bars[i], &b = bars[i + t];
            if (a.empty() && b.empty()) continue;
            std::vector<BarNote> both;
            std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
            sum += static_cast<double>(both.size()) /
                   static_cast<double>(a.size() + b.size() - both.size());
            ++pairs;
        }
        result.sums.push_back(sum);
        result.pairs.push_back(pairs);
    }
    return result;
}

SimilarityError similarity_error(std::span<const score::Score> set,
                                 std::span<const score::Score> reference) {
    const auto of_set = similarities(set), of_reference = similarities(reference);
    SimilarityError result = compare(sum_of(of_set, each(of_set.size())),
                                     sum_of(of_reference, each(of_reference.size())));
    base::Rng rng(BootstrapOptions{}.seed, "bar similarity");
    std::vector<double> errors;
    for (int i = 0; i < kResamples && !result.set.empty(); ++i) {
        const auto of_one = sum_of(of_set, drawn(of_set.size(), rng));
        errors.push_back(
            compare(of_one, sum_of(of_reference, drawn(of_reference.size(), rng))).error.mean);
    }
    result.error = centred_interval(result.error.mean, std::move(errors));
    result.error.low = std::max(0.0, result.error.low);
    return result;
}

base::Json to_json(const SimilarityError& error) {
    return {{"set", error.set},
            {"reference", error.reference},
            {"error", error.error.mean},
            {"low", error.error.low},
            {"high", error.error.high}};
}

SimilarityError similarity_error_from_json(const base::Json& json) {
    SimilarityError error{.set = json.at("set").get<std::vector<double>>(),
                          .reference = json.at("reference").get<std::vector<double>>(),
                          .error = {}};
    error.error = {json.at("error").get<double>(), json.at("low").get<double>(),
                   json.at("high").get<double>()};
    return error;
}

}  // namespace symphony::evaluate
