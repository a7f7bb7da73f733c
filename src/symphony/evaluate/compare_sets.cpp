#include "symphony/evaluate/compare_sets.h"

#include "symphony/base/quantile.h"
#include "symphony/evaluate/music_statistics.h"
#include "symphony/score/muspy_metrics.h"
#include "symphony/score/transform.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace symphony::evaluate {

namespace {

constexpr double kRounding = 1e-9;
constexpr double kBandLow = 0.05, kBandHigh = 0.95;
constexpr int kResamples = 2000;
constexpr double kNormalQuantile95 = 1.6449;  // of a one-sided 95 %

double standard_deviation(const Sample& sample) {
    double sum = 0;
    for (const double v : sample.values) sum += (v - sample.mean) * (v - sample.mean);
    return std::sqrt(sum / static_cast<double>(sample.values.size()));
}

double share_between(const Sample& sample, double low, double high) {
    if (sample.values.empty()) return 0;
    const auto inside = std::count_if(sample.values.begin(), sample.values.end(), [&](double v) {
        return v >= low - kRounding && v <= high + kRounding;
    });
    return static_cast<double>(inside) / static_cast<double>(sample.values.size());
}

double scaled_distance(const Sample& sample, const Sample& held_out) {
    if (sample.values.empty() || held_out.values.empty()) return 0;
    const double scale = standard_deviation(held_out);
    return wasserstein_distance(sample.values, held_out.values) / (scale > 0 ? scale : 1);
}

// A yes-or-no metric has no band of single pieces: where the takes' share may fall by chance, given
// the held-out pieces' share and both counts (normal approximation).
void set_band_of_share(Sample& held_out, std::size_t takes) {
    const double p = held_out.mean;
    const double spread =
        kNormalQuantile95 * std::sqrt(p * (1 - p) *
                                      (1.0 / static_cast<double>(held_out.values.size()) +
                                       1.0 / static_cast<double>(takes)));
    held_out.low = std::max(0.0, p - spread);
    held_out.high = std::min(1.0, p + spread);
}

// [metric][piece], undefined ones left out.
template <class Statistics>
std::vector<std::vector<double>> values_by_metric(std::span<const score::Score> scores,
                                                  std::size_t metrics,
                                                  const Statistics& statistics) {
    std::vector<std::vector<double>> values(metrics);
    for (const score::Score& score : scores) {
        const auto row = statistics(score);
        for (std::size_t m = 0; m < row.size(); ++m)
            if (!std::isnan(row[m])) values[m].push_back(row[m]);
    }
    return values;
}

struct MetricName {
    std::string metric, title, unit;
    bool yes_or_no = false;
};

MetricComparison compare_metric(const MetricName& name, std::vector<double> generated,
                                std::vector<double> held_out, std::vector<double> train) {
    MetricComparison row{.metric = name.metric, .title = name.title, .unit = name.unit};
    row.generated = sample_of(std::move(generated));
    row.held_out = sample_of(std::move(held_out));
    row.train = sample_of(std::move(train));
    if (name.yes_or_no) set_band_of_share(row.held_out, row.generated.values.size());
    const double middle = name.yes_or_no ? row.generated.mean : row.generated.median;
    row.inside = middle >= row.held_out.low - kRounding && middle <= row.held_out.high + kRounding;
    row.generated_in_band = share_between(row.generated, row.held_out.low, row.held_out.high);
    row.train_in_band = share_between(row.train, row.held_out.low, row.held_out.high);
    row.generated_distance = scaled_distance(row.generated, row.held_out);
    row.train_distance = scaled_distance(row.train, row.held_out);
    return row;
}

// One row a metric that is defined for a take and a held-out piece.
template <class Statistics>
std::vector<MetricComparison> compare_metrics(const std::vector<MetricName>& names,
                                              std::span<const score::Score> generated,
                                              std::span<const score::Score> held_out,
                                              std::span<const score::Score> train,
                                              const Statistics& statistics) {
    auto of_generated = values_by_metric(generated, names.size(), statistics);
    auto of_held_out = values_by_metric(held_out, names.size(), statistics);
    auto of_train = values_by_metric(train, names.size(), statistics);
    std::vector<MetricComparison> rows;
    for (std::size_t m = 0; m < names.size(); ++m)
        if (!of_generated[m].empty() && !of_held_out[m].empty())
            rows.push_back(compare_metric(names[m], std::move(of_generated[m]),
                                          std::move(of_held_out[m]), std::move(of_train[m])));
    return rows;
}

}  // namespace

Sample sample_of(std::vector<double> values) {
    Sample sample;
    sample.values = std::move(values);
    if (sample.values.empty()) return sample;
    for (const double v : sample.values) sample.mean += v;
    sample.mean /= static_cast<double>(sample.values.size());
    auto sorted = sample.values;
    std::sort(sorted.begin(), sorted.end());
    sample.median = base::quantile(sorted, 0.5);
    sample.low = base::quantile(sorted, kBandLow);
    sample.high = base::quantile(sorted, kBandHigh);
    std::vector<RatioTerm> terms;
    for (std::size_t i = 0; i < sample.values.size(); ++i)
        terms.push_back({std::to_string(i), sample.values[i], 1});
    const Interval interval = bootstrap_ratio(terms, {.resamples = kResamples});
    sample.mean_low = interval.low;
    sample.mean_high = interval.high;
    return sample;
}

double wasserstein_distance(std::vector<double> a, std::vector<double> b) {
    std::sort(a.begin(), a.end());
    std::sort(b.begin(), b.end());
    double area = 0, previous = 0;
    std::size_t i = 0, j = 0;
    while (i < a.size() || j < b.size()) {
        const bool from_a = j == b.size() || (i < a.size() && a[i] <= b[j]);
        const double at = from_a ? a[i] : b[j];
        const double share_a = static_cast<double>(i) / static_cast<double>(a.size());
        const double share_b = static_cast<double>(j) / static_cast<double>(b.size());
        if (i + j > 0) area += std::abs(share_a - share_b) * (at - previous);
        previous = at;
        ++(from_a ? i : j);
    }
    return area;
}

std::vector<score::Score> last_bars_of(std::span<const score::Score> scores, int bars) {
    std::vector<score::Score> excerpts;
    for (const score::Score& score : scores) {
        const std::size_t total = score::bars_of(score).size();
        const auto wanted = static_cast<std::size_t>(bars);
        if (total >= wanted) excerpts.push_back(score::excerpt(score, total - wanted, total));
    }
    return excerpts;
}

SetComparison compare_sets(std::string model, int bars, std::span<const score::Score> generated,
                           std::span<const score::Score> held_out,
                           std::span<const score::Score> train) {
    SetComparison comparison;
    comparison.model = std::move(model);
    comparison.bars = bars;
    comparison.takes = static_cast<int>(generated.size());
    comparison.held_out_pieces = static_cast<int>(held_out.size());
    comparison.train_pieces = static_cast<int>(train.size());
    std::vector<MetricName> names, muspy_names;
    for (const Metric& metric : metrics())
        names.push_back({metric.name, metric.title, metric.unit, metric.yes_or_no});
    for (const char* name : score::kMuspyMetricNames)
        muspy_names.push_back({name, name, "MusPy's"});
    comparison.metrics = compare_metrics(names, generated, held_out, train, statistics_of);
    comparison.muspy =
        compare_metrics(muspy_names, generated, held_out, train, score::muspy_metrics);
    comparison.distances = set_distances(generated, held_out);
    comparison.train_distances = set_distances(train, held_out);
    comparison.structure = similarity_error(generated, held_out);
    comparison.train_structure = similarity_error(train, held_out);
    return comparison;
}

int SetComparison::metrics_inside() const {
    return static_cast<int>(std::count_if(metrics.begin(), metrics.end(),
                                          [](const MetricComparison& m) { return m.inside; }));
}

std::vector<std::string> SetComparison::outside() const {
    std::vector<std::string> titles;
    for (const MetricComparison& metric : metrics)
        if (!metric.inside) titles.push_back(metric.title);
    return titles;
}

std::string SetComparison::sentence() const {
    std::string text = fmt::format(
        "{}: the median of {} takes lies in the held-out pieces' 5 to 95 % band for {} "
        "of {} measures",
        model, takes, metrics_inside(), metrics.size());
    const auto titles = outside();
    if (!titles.empty()) text += fmt::format("; outside: {}", fmt::join(titles, ", "));
    return text + ".";
}

}  // namespace symphony::evaluate
