// Pitch metrics. Source of the first two: Dong et al., "MusPy: a toolkit for symbolic music
// generation", ISMIR 2020 (muspy/metrics/metrics.py); equal values by definition.
#include "symphony/evaluate/metrics/metrics.h"
#include "symphony/evaluate/music_statistics.h"

#include <algorithm>
#include <cmath>

namespace symphony::evaluate {

std::vector<score::Note> pitched_notes(const score::Score& score) {
    std::vector<score::Note> notes;
    for (const score::Part& part : score.parts)
        if (!part.is_drums) notes.insert(notes.end(), part.notes.begin(), part.notes.end());
    std::sort(notes.begin(), notes.end());
    return notes;
}

std::array<double, 12> pitch_class_ticks(const score::Score& score, score::Ticks begin,
                                         score::Ticks end) {
    std::array<double, 12> ticks{};
    for (const score::Note& note : pitched_notes(score)) {
        const auto overlap = std::min(note.end(), end).value - std::max(note.onset, begin).value;
        if (overlap > 0) ticks[note.pitch % 12] += static_cast<double>(overlap);
    }
    return ticks;
}

namespace {

std::array<std::int64_t, 12> onsets_by_pitch_class(const std::vector<score::Note>& notes) {
    std::array<std::int64_t, 12> counts{};
    for (const score::Note& note : notes) ++counts[note.pitch % 12];
    return counts;
}

}  // namespace

double pitch_class_entropy(const score::Score& score) {
    const auto notes = pitched_notes(score);
    if (notes.empty()) return kUndefined;
    double entropy = 0;
    for (const std::int64_t count : onsets_by_pitch_class(notes)) {
        const double p = static_cast<double>(count) / static_cast<double>(notes.size());
        if (count > 0) entropy -= p * std::log2(p);
    }
    return entropy;
}

double scale_consistency(const score::Score& score) {
    const auto notes = pitched_notes(score);
    if (notes.empty()) return kUndefined;
    const auto counts = onsets_by_pitch_class(notes);
    // The natural minor scales hold the same notes as the major ones, so twelve sets suffice.
    constexpr std::array<int, 7> kMajorScale = {0, 2, 4, 5, 7, 9, 11};
    std::int64_t best = 0;
    for (int root = 0; root < 12; ++root) {
        std::int64_t inside = 0;
        for (const int degree : kMajorScale)
            inside += counts[static_cast<std::size_t>((root + degree) % 12)];
        best = std::max(best, inside);
    }
    return static_cast<double>(best) / static_cast<double>(notes.size());
}

double pitch_range(const score::Score& score) {
    const auto notes = pitched_notes(score);
    if (notes.empty()) return kUndefined;
    const auto [lowest, highest] = std::minmax_element(
        notes.begin(), notes.end(),
        [](const score::Note& a, const score::Note& b) { return a.pitch < b.pitch; });
    return highest->pitch - lowest->pitch;
}

}  // namespace symphony::evaluate
