// Rhythm metrics. Source of groove_consistency: MusPy (see pitch.cpp), after Wu and Yang, "The Jazz
// Transformer on the front line", ISMIR 2020; the bar-true form, density and lengths: own.
#include "symphony/evaluate/metrics/metrics.h"
#include "symphony/evaluate/music_statistics.h"
#include "symphony/score/transform.h"

#include <algorithm>
#include <set>

namespace symphony::evaluate {

namespace {

// The published figures that we compare with were taken at this resolution.
constexpr int kGrooveStepsPerQuarter = 12;

// Which steps of [begin, begin + length) have an onset.
std::vector<bool> onset_pattern(const std::set<std::int64_t>& onsets, std::int64_t begin,
                                std::int64_t length) {
    std::vector<bool> pattern(static_cast<std::size_t>(length), false);
    for (auto it = onsets.lower_bound(begin); it != onsets.end() && *it < begin + length; ++it)
        pattern[static_cast<std::size_t>(*it - begin)] = true;
    return pattern;
}

std::set<std::int64_t> onsets_of(const score::Score& score) {
    std::set<std::int64_t> onsets;
    for (const score::Part& part : score.parts)
        for (const score::Note& note : part.notes) onsets.insert(note.onset.value);
    return onsets;
}

std::int64_t differences(const std::vector<bool>& a, const std::vector<bool>& b) {
    std::int64_t count = 0;
    for (std::size_t i = 0; i < a.size(); ++i) count += a[i] != b[i];
    return count;
}

}  // namespace

double groove_consistency(const score::Score& score) {
    const score::Score grid = score::quantised(score, kGrooveStepsPerQuarter);
    constexpr std::int64_t kBar = 4 * kGrooveStepsPerQuarter;
    const std::int64_t bars = grid.end().value / kBar + 1;
    if (bars < 2) return kUndefined;
    const auto onsets = onsets_of(grid);
    std::int64_t changed = 0;
    for (std::int64_t bar = 0; bar + 1 < bars; ++bar)
        changed += differences(onset_pattern(onsets, bar * kBar, kBar),
                               onset_pattern(onsets, (bar + 1) * kBar, kBar));
    return 1 - static_cast<double>(changed) / static_cast<double>(kBar * (bars - 1));
}

double groove_consistency_of_bars(const score::Score& score) {
    const score::Score grid = score::quantised(score, kGrooveStepsPerQuarter);
    const auto bars = score::bars_of(grid);
    const auto onsets = onsets_of(grid);
    std::int64_t changed = 0, compared = 0;
    for (std::size_t b = 0; b + 1 < bars.size(); ++b) {
        if (bars[b].length != bars[b + 1].length) continue;
        const std::int64_t length = bars[b].length.value;
        changed += differences(onset_pattern(onsets, bars[b].onset.value, length),
                               onset_pattern(onsets, bars[b + 1].onset.value, length));
        compared += length;
    }
    if (compared == 0) return kUndefined;
    return 1 - static_cast<double>(changed) / static_cast<double>(compared);
}

double note_density(const score::Score& score) {
    const auto notes = pitched_notes(score);
    if (notes.empty()) return kUndefined;
    score::Ticks end;
    for (const score::Note& note : notes) end = std::max(end, note.end());
    const double quarters =
        static_cast<double>((end - notes.front().onset).value) / score.ticks_per_quarter;
    return static_cast<double>(notes.size()) / quarters;
}

double mean_note_length(const score::Score& score) {
    const auto notes = pitched_notes(score);
    if (notes.empty()) return kUndefined;
    double ticks = 0;
    for (const score::Note& note : notes) ticks += static_cast<double>(note.duration.value);
    return ticks / score.ticks_per_quarter / static_cast<double>(notes.size());
}

}  // namespace symphony::evaluate
