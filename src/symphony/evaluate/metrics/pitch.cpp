// Pitch metrics. Source of the first two: Dong et al., "MusPy: a toolkit for symbolic music
// generation", ISMIR 2020 (muspy/metrics/metrics.py); equal values by definition.
#include "symphony/base/entropy.h"
#include "symphony/evaluate/metrics/metrics.h"
#include "symphony/evaluate/music_statistics.h"
#include "symphony/score/note_measures.h"

#include <algorithm>

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

score::PitchClassCounts notes_by_pitch_class(const score::Score& score) {
    score::PitchClassCounts counts{};
    for (const score::Part& part : score.parts)
        if (!part.is_drums)
            for (const score::Note& note : part.notes) ++counts[note.pitch % 12];
    return counts;
}

}  // namespace

double pitch_class_entropy(const score::Score& score) {
    const score::PitchClassCounts counts = notes_by_pitch_class(score);
    const bool none = counts == score::PitchClassCounts{};
    return none ? kUndefined : base::entropy_bits(counts);
}

double scale_consistency(const score::Score& score) {
    return score::scale_consistency(notes_by_pitch_class(score));
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
