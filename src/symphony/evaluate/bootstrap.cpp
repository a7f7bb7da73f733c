#include "symphony/evaluate/bootstrap.h"

#include "symphony/base/quantile.h"
#include "symphony/base/rng.h"

#include <algorithm>
#include <cassert>
#include <map>

namespace symphony::evaluate {

namespace {

// Sums of one group, for up to two models on the same pieces.
struct GroupSums {
    double first = 0, first_denominator = 0;
    double second = 0, second_denominator = 0;
};

std::vector<GroupSums> sums_by_group(std::span<const RatioTerm> first,
                                     std::span<const RatioTerm> second) {
    std::map<std::string, std::size_t> index;
    std::vector<GroupSums> sums;
    for (std::size_t i = 0; i < first.size(); ++i) {
        const auto [it, is_new] = index.try_emplace(first[i].group, sums.size());
        if (is_new) sums.emplace_back();
        GroupSums& group = sums[it->second];
        group.first += first[i].numerator;
        group.first_denominator += first[i].denominator;
        if (second.empty()) continue;
        group.second += second[i].numerator;
        group.second_denominator += second[i].denominator;
    }
    return sums;
}

double ratio(double numerator, double denominator) {
    return denominator > 0 ? numerator / denominator : 0;
}

// ratio of the first model, less that of the second where there is one.
double statistic(const GroupSums& total) {
    return ratio(total.first, total.first_denominator) -
           ratio(total.second, total.second_denominator);
}

void add(GroupSums& total, const GroupSums& group) {
    total.first += group.first;
    total.first_denominator += group.first_denominator;
    total.second += group.second;
    total.second_denominator += group.second_denominator;
}

Interval resample(const std::vector<GroupSums>& groups, const BootstrapOptions& options) {
    Interval interval;
    GroupSums all;
    for (const GroupSums& group : groups) add(all, group);
    interval.mean = interval.low = interval.high = statistic(all);
    if (groups.size() < 2) return interval;
    base::Rng rng(options.seed, "bootstrap");
    std::vector<double> values(static_cast<std::size_t>(options.resamples));
    for (double& value : values) {
        GroupSums total;
        for (std::size_t i = 0; i < groups.size(); ++i)
            add(total, groups[rng.below(groups.size())]);
        value = statistic(total);
    }
    std::sort(values.begin(), values.end());
    interval.low = base::quantile(values, (1 - options.level) / 2);
    interval.high = base::quantile(values, (1 + options.level) / 2);
    return interval;
}

}  // namespace

Interval bootstrap_ratio(std::span<const RatioTerm> terms, const BootstrapOptions& options) {
    return resample(sums_by_group(terms, {}), options);
}

Interval bootstrap_difference(std::span<const RatioTerm> first, std::span<const RatioTerm> second,
                              const BootstrapOptions& options) {
    assert(first.size() == second.size());
    return resample(sums_by_group(first, second), options);
}

Interval centred_interval(double value, std::vector<double> resamples,
                          const BootstrapOptions& options) {
    if (resamples.empty()) return {value, value, value};
    std::sort(resamples.begin(), resamples.end());
    const double middle = base::quantile(resamples, 0.5);
    return {value, value + base::quantile(resamples, (1 - options.level) / 2) - middle,
            value + base::quantile(resamples, (1 + options.level) / 2) - middle};
}

std::size_t count_groups(std::span<const RatioTerm> terms) {
    return sums_by_group(terms, {}).size();
}

}  // namespace symphony::evaluate
