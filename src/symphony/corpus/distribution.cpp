#include "symphony/corpus/distribution.h"

#include "symphony/score/pitch_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

namespace symphony::corpus {
namespace {

using base::Json;

constexpr int kMostBins = 24;
constexpr std::size_t kMostCategories = 24;  // the rarest go into "others"

void summarise(const Tally& tally, Distribution& d) {
    double sum = 0;
    for (const auto& [value, count] : tally) {
        d.total += count;
        sum += value * static_cast<double>(count);
    }
    if (d.total == 0) return;
    d.mean = sum / static_cast<double>(d.total);
    d.median = percentile_of(tally, 0.5);
    d.percentile5 = percentile_of(tally, 0.05);
    d.percentile95 = percentile_of(tally, 0.95);
    d.minimum = tally.begin()->first;
    d.maximum = tally.rbegin()->first;
}

// A width of 1, 2 or 5 times a power of ten that covers `range` in at most kMostBins bins.
double nice_width(double range) {
    double width = std::pow(10, std::floor(std::log10(std::max(range, 1e-9) / kMostBins)));
    for (const double factor : {1.0, 2.0, 5.0, 10.0})
        if (range / (width * factor) < kMostBins) return width * factor;
    return width * 10;
}

bool all_whole(const Tally& tally) {
    return std::all_of(tally.begin(), tally.end(),
                       [](const auto& entry) { return entry.first == std::floor(entry.first); });
}

std::string range_label(double first, double last) {
    return first == last ? number_label(first) : fmt::format("{:g}–{:g}", first, last);
}

}  // namespace

std::string number_label(double value) {
    return fmt::format("{:g}", std::round(value * 100) / 100);
}
std::string pitch_label(double pitch) { return score::pitch_name(static_cast<int>(pitch)); }
std::string pitch_class_label(double pc) {
    return std::string(score::pitch_class_name(static_cast<int>(pc)));
}
std::string signed_label(double value) { return fmt::format("{:+g}", value); }

Distribution each_value(Distribution d, const Tally& tally,
                        const std::function<std::string(double)>& label) {
    d.numeric = true;
    summarise(tally, d);
    for (const auto& [value, count] : tally)
        d.bins.push_back({.label = label(value), .value = value, .count = count});
    return d;
}

// Values rounded down to bins of equal width; empty bins in between are listed too.
Distribution binned(Distribution d, const Tally& tally) {
    d.numeric = true;
    summarise(tally, d);
    if (tally.empty()) return d;
    // The few values far out do not flatten the rest: they join the last bin.
    const double top = std::max(percentile_of(tally, 0.99), d.minimum);
    const bool whole = all_whole(tally);
    const double width = std::max(nice_width(top - d.minimum), whole ? 1.0 : 0.0);
    const double first = std::floor(d.minimum / width);
    const auto bins = static_cast<std::size_t>(std::floor(top / width) - first) + 1;
    for (std::size_t i = 0; i < bins; ++i) {
        const double low = (first + static_cast<double>(i)) * width;
        const bool open = i + 1 == bins && d.maximum >= low + width;
        const double least = whole ? std::max(low, d.minimum) : low;
        d.bins.push_back({.label = open ? number_label(least) + "+"
                                        : range_label(least, low + width - (whole ? 1 : 0)),
                          .value = low});
    }
    for (const auto& [value, count] : tally) {
        const auto bin = static_cast<std::size_t>(std::floor(value / width) - first);
        d.bins[std::min(bin, bins - 1)].count += count;
    }
    return d;
}

Distribution categories(Distribution d, const NameTally& tally) {
    std::vector<std::pair<std::string, std::int64_t>> sorted(tally.begin(), tally.end());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    std::int64_t others = 0;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        d.total += sorted[i].second;
        if (i + 1 < kMostCategories || sorted.size() <= kMostCategories)
            d.bins.push_back({.label = sorted[i].first,
                              .value = static_cast<double>(i),
                              .count = sorted[i].second});
        else
            others += sorted[i].second;
    }
    if (others > 0)
        d.bins.push_back(
            {.label = kOthers, .value = static_cast<double>(d.bins.size()), .count = others});
    return d;
}

Json to_json(const Distribution& d) {
    Json bins = Json::array();
    for (const Bin& bin : d.bins)
        bins.push_back({{"label", bin.label}, {"value", bin.value}, {"count", bin.count}});
    Json json{{"name", d.name},       {"title", d.title},     {"unit", d.unit},
              {"counted", d.counted}, {"numeric", d.numeric}, {"total", d.total}};
    if (d.numeric) {
        json["mean"] = d.mean;
        json["median"] = d.median;
        json["percentile5"] = d.percentile5;
        json["percentile95"] = d.percentile95;
        json["minimum"] = d.minimum;
        json["maximum"] = d.maximum;
    }
    json["bins"] = bins;
    return json;
}

Distribution distribution_from_json(const Json& json) {
    Distribution d;
    json.at("name").get_to(d.name);
    json.at("title").get_to(d.title);
    json.at("unit").get_to(d.unit);
    json.at("counted").get_to(d.counted);
    json.at("numeric").get_to(d.numeric);
    json.at("total").get_to(d.total);
    if (d.numeric) {
        json.at("mean").get_to(d.mean);
        json.at("median").get_to(d.median);
        json.at("percentile5").get_to(d.percentile5);
        json.at("percentile95").get_to(d.percentile95);
        json.at("minimum").get_to(d.minimum);
        json.at("maximum").get_to(d.maximum);
    }
    for (const Json& bin : json.at("bins"))
        d.bins.push_back({.label = bin.at("label").get<std::string>(),
                          .value = bin.at("value").get<double>(),
                          .count = bin.at("count").get<std::int64_t>()});
    return d;
}

}  // namespace symphony::corpus
