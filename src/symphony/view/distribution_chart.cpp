#include "symphony/view/distribution_chart.h"

#include "symphony/base/text.h"
#include "symphony/view/html.h"

#include <fmt/format.h>

#include <algorithm>

namespace symphony::view {
namespace {

constexpr std::size_t kMaxCategories = 14;
constexpr std::size_t kMaxTicks = 13;
constexpr std::size_t kMaxLetters = 60;  // side by side under the chart
constexpr std::size_t kGap = 2;          // letters between two labels

bool begins_a_letter(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }

std::size_t letters(const std::string& utf8) {
    return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), begins_a_letter));
}

std::string shorten(const std::string& text, std::size_t most) {
    const std::string clean = base::to_utf8(text);
    if (clean.size() <= most) return clean;
    std::size_t end = most - 1;
    while (end > 0 && !begins_a_letter(clean[end])) --end;
    return clean.substr(0, end) + "…";
}

}  // namespace

Chart distribution_chart(const corpus::Distribution& distribution, std::string_view color) {
    std::vector<corpus::Bin> bins = distribution.bins;
    if (!distribution.numeric && bins.size() > kMaxCategories) {
        // Where the rarest are one bin already, nobody knows how many they were.
        const bool counted = bins.back().label != corpus::kOthers;
        corpus::Bin other{.label = counted
                                       ? fmt::format("{} others", bins.size() - kMaxCategories + 1)
                                       : corpus::kOthers};
        for (std::size_t i = kMaxCategories - 1; i < bins.size(); ++i) other.count += bins[i].count;
        bins.resize(kMaxCategories - 1);
        bins.push_back(other);
    }
    std::vector<std::string> labels;
    std::vector<double> shares;
    std::size_t longest = 0;
    for (const corpus::Bin& bin : bins) {
        labels.push_back(shorten(bin.label, 22));
        longest = std::max(longest, letters(labels.back()));
        shares.push_back(distribution.total ? 100.0 * static_cast<double>(bin.count) /
                                                  static_cast<double>(distribution.total)
                                            : 0);
    }
    Chart chart =
        bar_chart(distribution.title, std::move(labels), {{"", std::string(color), shares}});
    chart.y.label = fmt::format("% of {}", distribution.counted);
    chart.x.label = distribution.unit;
    chart.width = 560;
    chart.height = 300;
    auto& ticks = chart.x.ticks;
    const std::size_t most_ticks =
        std::min(kMaxTicks, std::max<std::size_t>(1, kMaxLetters / (longest + kGap)));
    if (distribution.numeric && ticks.size() > most_ticks) {  // every second, third, … is named
        const std::size_t step = (ticks.size() + most_ticks - 1) / most_ticks;
        std::vector<std::pair<double, std::string>> kept;
        for (std::size_t i = 0; i < ticks.size(); i += step) kept.push_back(ticks[i]);
        ticks = std::move(kept);
    }
    chart.x.slanted = (longest + kGap) * ticks.size() > kMaxLetters;
    if (chart.x.slanted) chart.height = 340;
    chart.description =
        distribution.numeric
            ? fmt::format("{}: bars over {}. Median {:.4g}, 5 % below {:.4g}, 5 % above {:.4g}.",
                          distribution.title,
                          distribution.unit.empty() ? "values" : distribution.unit,
                          distribution.median, distribution.percentile5, distribution.percentile95)
            : fmt::format("{}: bars over {} categories, the commonest first.", distribution.title,
                          distribution.bins.size());
    return chart;
}

}  // namespace symphony::view
