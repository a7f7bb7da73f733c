// Generated music beside real: for each metric the takes, the held-out pieces and the training
// pieces. What is judged is nearness to the held-out pieces; the training pieces show how near real
// music of the same kind comes.
#pragma once

#include "symphony/base/json.h"
#include "symphony/evaluate/bar_similarity.h"
#include "symphony/evaluate/set_distances.h"
#include "symphony/score/score.h"

#include <span>
#include <string>
#include <vector>

namespace symphony::evaluate {

// Values of one metric over one set of pieces, undefined ones left out.
struct Sample {
    std::vector<double> values;
    double mean = 0, median = 0;
    double low = 0;   // 5 % of the pieces lie below
    double high = 0;  // 5 % lie above
    // 95 % percentile bootstrap of the mean over the pieces (2,000 resamples).
    double mean_low = 0, mean_high = 0;
    bool operator==(const Sample&) const = default;
};
Sample sample_of(std::vector<double> values);

struct MetricComparison {
    std::string metric, title, unit;
    Sample generated, held_out, train;
    // Does the takes' median lie in the held-out pieces' 5..95 % band? (Of a yes-or-no metric,
    // whose band is of shares: does the takes' share?)
    bool inside = false;
    // Share of the takes, and of the training pieces, inside that band (of held-out pieces: 90 %).
    double generated_in_band = 0, train_in_band = 0;
    // Wasserstein-1 distance to the held-out pieces, in their standard deviations (in the metric's
    // own unit where that is zero).
    double generated_distance = 0, train_distance = 0;
    bool operator==(const MetricComparison&) const = default;
};

struct SetComparison {
    std::string model;  // name
    int bars = 0;       // of every excerpt
    int takes = 0, held_out_pieces = 0, train_pieces = 0;
    std::vector<MetricComparison> metrics;
    // MusPy's statistics (score/muspy_metrics.h), in its words: for comparing with others' figures,
    // not judged.
    std::vector<MetricComparison> muspy;
    // Of the takes to the held-out pieces, and of the training pieces to these.
    std::vector<FeatureDistances> distances, train_distances;
    SimilarityError structure, train_structure;  // likewise
    int metrics_inside() const;
    std::vector<std::string> outside() const;  // titles of the metrics that are not inside
    std::string sentence() const;
    bool operator==(const SetComparison&) const = default;
};

// The last `bars` bars of the piece moved to zero; nothing if it is shorter.
std::vector<score::Score> last_bars_of(std::span<const score::Score> scores, int bars);

SetComparison compare_sets(std::string model, int bars, std::span<const score::Score> generated,
                           std::span<const score::Score> held_out,
                           std::span<const score::Score> train);

// Area between the two samples' cumulative distribution functions.
double wasserstein_distance(std::vector<double> a, std::vector<double> b);

base::Json to_json(const SetComparison& comparison);
SetComparison set_comparison_from_json(const base::Json& json);

}  // namespace symphony::evaluate
