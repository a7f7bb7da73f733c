#include "symphony/corpus/atlas/form.h"

#include <algorithm>
#include <cmath>

namespace symphony::corpus {
namespace {

constexpr std::size_t kNearestBorders = 4;  // bars
constexpr std::size_t kNoPitch = 12 + kRhythmPlaces, kNoOnset = kNoPitch + 1;
constexpr double kTaper = 0.5;  // standard deviation of the kernel, in half widths

// Scales feature[from, to) to length sqrt(1/2); what is all zero marks `none` instead.
void normalise(BarFeature& feature, std::size_t from, std::size_t to, std::size_t none) {
    float square = 0;
    for (std::size_t i = from; i < to; ++i) square += feature[i] * feature[i];
    if (square <= 0) {
        feature[none] = std::sqrt(0.5f);
        return;
    }
    const float scale = std::sqrt(0.5f / square);
    for (std::size_t i = from; i < to; ++i) feature[i] *= scale;
}

// Marks the bars of every run of at least kPassageBars similar bars at this lag.
void mark_runs(std::span<const BarFeature> bars, std::size_t lag, std::vector<bool>& repeated,
               Tally& lengths) {
    const std::size_t pairs = bars.size() - lag;
    const auto same = [&](std::size_t b) { return similarity(bars[b], bars[b + lag]) >= kSameBar; };
    std::size_t longest = 0;
    // A run that is long enough covers every kPassageBars-th bar at least once: only there it is
    // looked for, and followed both ways where it is found. `begin` is behind the run before.
    for (std::size_t begin = 0; begin + kPassageBars <= pairs;) {
        const std::size_t probe = begin + kPassageBars - 1;
        if (!same(probe)) {
            begin = probe + 1;
            continue;
        }
        std::size_t from = probe, to = probe + 1;
        while (from > begin && same(from - 1)) --from;
        while (to < pairs && same(to)) ++to;
        if (to - from >= kPassageBars) {
            longest = std::max(longest, to - from);
            for (std::size_t i = from; i < to; ++i) repeated[i] = repeated[i + lag] = true;
        }
        begin = to;
    }
    if (longest > 0) ++lengths[static_cast<double>(longest)];
}

}  // namespace

std::vector<BarFeature> bar_features(std::span<const score::Note> notes,
                                     std::span<const score::Bar> bars,
                                     std::span<const PitchClassWeights> by_bar) {
    std::vector<BarFeature> features(std::min(bars.size(), kMostFormBars), BarFeature{});
    std::size_t next = 0;
    for (std::size_t b = 0; b < features.size(); ++b) {
        BarFeature& feature = features[b];
        for (std::size_t pc = 0; pc < 12; ++pc) feature[pc] = static_cast<float>(by_bar[b][pc]);
        const score::Ticks end = bars[b].onset + bars[b].length;
        for (; next < notes.size() && notes[next].onset < end; ++next) {
            if (notes[next].onset < bars[b].onset) continue;
            const std::int64_t after = (notes[next].onset - bars[b].onset).value;
            const auto place = static_cast<std::size_t>(
                after * static_cast<std::int64_t>(kRhythmPlaces) / bars[b].length.value);
            feature[12 + place] += 1;
        }
        normalise(feature, 0, 12, kNoPitch);
        normalise(feature, 12, kNoPitch, kNoOnset);
    }
    return features;
}

std::vector<BarFeature> bar_features_of(const score::Score& score) {
    std::vector<score::Note> all, pitched;
    for (const score::Part& part : score.parts) {
        all.insert(all.end(), part.notes.begin(), part.notes.end());
        if (!part.is_drums) pitched.insert(pitched.end(), part.notes.begin(), part.notes.end());
    }
    std::sort(all.begin(), all.end());
    std::sort(pitched.begin(), pitched.end());
    const std::vector<score::Bar> bars = score::bars_of(score);
    return bar_features(all, bars, pitch_classes_by_bar(pitched, bars));
}

float similarity(const BarFeature& a, const BarFeature& b) {
    // Four sums, so that the compiler may add in vectors.
    std::array<float, 4> sums{};
    for (std::size_t i = 0; i < a.size(); i += 4)
        for (std::size_t j = 0; j < 4; ++j) sums[j] += a[i + j] * b[i + j];
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

std::vector<double> novelty_curve(std::span<const BarFeature> bars, std::size_t half) {
    std::vector<double> novelty(bars.size(), 0);
    if (bars.size() < 2 * half) return novelty;
    std::vector<double> taper(half);
    for (std::size_t i = 0; i < half; ++i) {
        const double away = (static_cast<double>(i) + 0.5) / static_cast<double>(half) / kTaper;
        taper[i] = std::exp(-0.5 * away * away);
    }
    // Every border looks at the same pairs of near bars as its neighbours: like[b * reach + d] is
    // how similar bar b is to bar b + d.
    const std::size_t reach = 2 * half;
    std::vector<float> like(bars.size() * reach);
    for (std::size_t b = 0; b < bars.size(); ++b)
        for (std::size_t d = 0; d < reach && b + d < bars.size(); ++d)
            like[b * reach + d] = similarity(bars[b], bars[b + d]);
    const auto alike = [&](std::size_t a, std::size_t b) {
        return like[std::min(a, b) * reach + (std::max(a, b) - std::min(a, b))];
    };
    for (std::size_t border = half; border + half <= bars.size(); ++border) {
        double within = 0, across = 0, weights = 0;
        for (std::size_t i = 0; i < half; ++i)
            for (std::size_t j = 0; j < half; ++j) {
                const double w = taper[i] * taper[j];
                const std::size_t before_i = border - 1 - i, before_j = border - 1 - j;
                const std::size_t after_i = border + i, after_j = border + j;
                within +=
                    w * static_cast<double>(alike(before_i, before_j) + alike(after_i, after_j));
                across += 2 * w * static_cast<double>(alike(before_i, after_j));
                weights += 2 * w;
            }
        novelty[border] = (within - across) / weights;
    }
    return novelty;
}

std::vector<std::int32_t> section_borders(std::span<const double> novelty) {
    double mean = 0, square = 0;
    for (const double v : novelty) mean += v / static_cast<double>(novelty.size());
    for (const double v : novelty)
        square += (v - mean) * (v - mean) / static_cast<double>(novelty.size());
    const double least = mean + std::sqrt(square);
    std::vector<std::size_t> peaks;
    for (std::size_t b = 1; b + 1 < novelty.size(); ++b)
        if (novelty[b] > least && novelty[b] >= novelty[b - 1] && novelty[b] > novelty[b + 1])
            peaks.push_back(b);
    // The highest peaks first; lower ones near them are part of the same border.
    std::stable_sort(peaks.begin(), peaks.end(),
                     [&](std::size_t a, std::size_t b) { return novelty[a] > novelty[b]; });
    std::vector<std::int32_t> borders;
    for (const std::size_t peak : peaks) {
        const auto at = static_cast<std::int32_t>(peak);
        const bool free = std::none_of(borders.begin(), borders.end(), [&](std::int32_t border) {
            return std::abs(border - at) < static_cast<std::int32_t>(kNearestBorders);
        });
        if (free) borders.push_back(at);
    }
    std::sort(borders.begin(), borders.end());
    return borders;
}

Tally FormStatistics::section_bars() const {
    Tally lengths;
    std::int32_t last = 0;
    for (const std::int32_t border : borders) {
        ++lengths[border - last];
        last = border;
    }
    if (bars > last) ++lengths[static_cast<double>(bars - last)];
    return lengths;
}

FormStatistics form_of(std::span<const BarFeature> bars) {
    FormStatistics form;
    form.bars = static_cast<std::int64_t>(bars.size());
    std::vector<bool> repeated(bars.size(), false);
    // A lag of less than a passage would find a bar that is played over and over.
    for (std::size_t lag = kPassageBars; lag + kPassageBars <= bars.size(); ++lag)
        mark_runs(bars, lag, repeated, form.passage_bars);
    form.repeated_bars = std::count(repeated.begin(), repeated.end(), true);
    form.borders = section_borders(novelty_curve(bars));
    return form;
}

}  // namespace symphony::corpus
