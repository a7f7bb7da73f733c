#include "symphony/corpus/atlas/key_plan.h"

#include "symphony/score/harmony.h"

#include <algorithm>
#include <limits>
#include <map>

namespace symphony::corpus {
namespace {

// Correlation that a change of key must bring, summed over its bars. With 1.0 a chorale's cadence
// in another key of two bars is a change only if it is clear; tuned by ear on no corpus.
constexpr double kChangePenalty = 1.0;
constexpr std::size_t kKeys = 24;

PitchClassWeights window_around(std::span<const PitchClassWeights> by_bar, std::size_t bar) {
    PitchClassWeights sum{};
    const std::size_t first = bar == 0 ? 0 : bar - 1;
    const std::size_t last = std::min(bar + 1, by_bar.size() - 1);
    for (std::size_t b = first; b <= last; ++b)
        for (std::size_t pc = 0; pc < 12; ++pc) sum[pc] += by_bar[b][pc];
    return sum;
}

}  // namespace

std::vector<PitchClassWeights> pitch_classes_by_bar(std::span<const score::Note> pitched,
                                                    std::span<const score::Bar> bars) {
    std::vector<PitchClassWeights> by_bar(bars.size(), PitchClassWeights{});
    std::size_t first = 0;
    for (const score::Note& note : pitched) {
        while (first < bars.size() && bars[first].onset + bars[first].length <= note.onset) ++first;
        for (std::size_t b = first; b < bars.size() && bars[b].onset < note.end(); ++b) {
            const score::Ticks from = std::max(note.onset, bars[b].onset);
            const score::Ticks to = std::min(note.end(), bars[b].onset + bars[b].length);
            if (to > from) by_bar[b][note.pitch % 12] += static_cast<double>((to - from).value);
        }
    }
    return by_bar;
}

KeyPlan key_plan_of(std::span<const PitchClassWeights> by_bar) {
    KeyPlan plan;
    const auto sounds = [](const PitchClassWeights& w) {
        return std::any_of(w.begin(), w.end(), [](double v) { return v > 0; });
    };
    if (std::none_of(by_bar.begin(), by_bar.end(), sounds)) return plan;
    // Viterbi's algorithm: best[k] is the best sum of a path that is in key k at this bar.
    std::array<double, kKeys> best{};
    std::vector<std::array<double, kKeys>> match(by_bar.size());
    std::vector<std::array<std::uint8_t, kKeys>> from(by_bar.size());
    for (std::size_t bar = 0; bar < by_bar.size(); ++bar) {
        match[bar] = score::key_correlations(window_around(by_bar, bar));
        const auto top =
            static_cast<std::size_t>(std::max_element(best.begin(), best.end()) - best.begin());
        const double changed = best[top] - kChangePenalty;
        for (std::size_t k = 0; k < kKeys; ++k) {
            const bool stays = bar == 0 || best[k] >= changed;
            from[bar][k] = static_cast<std::uint8_t>(stays ? k : top);
            best[k] = (stays ? best[k] : changed) + match[bar][k];
        }
    }
    auto key = static_cast<std::size_t>(std::max_element(best.begin(), best.end()) - best.begin());
    std::vector<std::size_t> path(by_bar.size());
    for (std::size_t bar = by_bar.size(); bar-- > 0;) {
        path[bar] = key;
        plan.clarity += match[bar][key] / static_cast<double>(by_bar.size());
        key = from[bar][key];
    }
    for (std::size_t bar = 0; bar < path.size(); ++bar) {
        if (bar == 0 || path[bar] != path[bar - 1])
            plan.regions.push_back(
                {static_cast<std::int32_t>(bar), 0, score::key_of_correlation(path[bar])});
        ++plan.regions.back().bars;
    }
    return plan;
}

score::Key home_key(const KeyPlan& plan) {
    std::map<score::Key, std::int64_t> bars;
    for (const KeyRegion& region : plan.regions) bars[region.key] += region.bars;
    score::Key home;
    std::int64_t most = 0;
    for (const KeyRegion& region : plan.regions) {  // of equal ones, the first to appear
        if (bars[region.key] <= most) continue;
        most = bars[region.key];
        home = region.key;
    }
    return home;
}

const char* degree_of_key(score::Key key, score::Key home) {
    static constexpr const char* kMajor[12] = {"I",   "bII", "II",  "bIII", "III",  "IV",
                                               "#IV", "V",   "bVI", "VI",   "bVII", "VII"};
    static constexpr const char* kMinor[12] = {"i",   "bii", "ii",  "biii", "iii",  "iv",
                                               "#iv", "v",   "bvi", "vi",   "bvii", "vii"};
    const int up = (key.tonic_pitch_class() - home.tonic_pitch_class() + 12) % 12;
    return (key.minor ? kMinor : kMajor)[up];
}

}  // namespace symphony::corpus
