// How music repeats itself: how much bars have in common that lie so far apart. Source: Yu et al.,
// "Museformer: Transformer with fine- and coarse-grained attention for music generation", NeurIPS
// 2022 (similarity of bars, similarity error).
#pragma once

#include "symphony/base/json.h"
#include "symphony/evaluate/bootstrap.h"
#include "symphony/score/score.h"

#include <span>
#include <vector>

namespace symphony::evaluate {

// Of each pair of bars of a piece the notes that both have over those that either has; notes are
// equal that have the same onset in the bar, length and pitch, whoever plays them, drums apart.
// Pairs without any note count for nothing.
struct BarSimilarity {
    std::vector<double> sums, pairs;  // [t - 1]: of bars that lie t bars apart
    // Over all pairs; NaN if there is none.
    double mean() const;
};
BarSimilarity bar_similarity(const score::Score& score, std::size_t farthest);

// What a set has at each distance, all pairs of all pieces alike, and how far it is from another
// set: the mean over the distances of the differences.
struct SimilarityError {
    std::vector<double> set, reference;  // [t - 1]: 0 to 1; distances that either lacks left out
    Interval error;  // 95 % bootstrap over the pieces of both (centred_interval)
    bool operator==(const SimilarityError&) const = default;
};
SimilarityError similarity_error(std::span<const score::Score> set,
                                 std::span<const score::Score> reference);

base::Json to_json(const SimilarityError& error);
SimilarityError similarity_error_from_json(const base::Json& json);

}  // namespace symphony::evaluate
