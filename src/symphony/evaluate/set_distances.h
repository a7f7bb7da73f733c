// How far pieces lie from each other inside a set and across two sets, by feature; two sets are
// alike where pieces lie as far apart across them as inside one. After Yang and Lerch
// (piece_features.h).
#pragma once

#include "symphony/base/json.h"
#include "symphony/evaluate/density_bootstrap.h"
#include "symphony/score/score.h"

#include <span>
#include <string>
#include <vector>

namespace symphony::evaluate {

// Estimated densities (Gaussian kernels of Scott's width) of two samples of distances, compared.
struct DensityComparison {
    double overlap = 0;  // area under the lower of both: 0 to 1
    double kl = 0;       // Kullback-Leibler divergence of the second from the first, in nats
    bool operator==(const DensityComparison&) const = default;
};
// A sample without spread has no density: then overlap is 1 if the other has none either at the
// same place, else 0, and kl 0 or infinite. Precondition: neither is empty.
DensityComparison compare_densities(const std::vector<double>& a, const std::vector<double>& b);

struct FeatureDistances {
    std::string feature, title;
    double inside_real = 0;       // mean Euclidean distance between real pieces
    double inside_generated = 0;  // between generated ones
    double across = 0;            // from generated to real ones
    DensityComparison density;    // of distances inside the real set, and across; of many thousand
                                  // each, 4,000 evenly drawn
    DensityIntervals intervals;   // of the same
    bool operator==(const FeatureDistances&) const = default;
};

// One row per feature; none if a set has fewer than two pieces.
std::vector<FeatureDistances> set_distances(std::span<const score::Score> generated,
                                            std::span<const score::Score> real);

base::Json to_json(const FeatureDistances& row);
FeatureDistances feature_distances_from_json(const base::Json& json);

}  // namespace symphony::evaluate
