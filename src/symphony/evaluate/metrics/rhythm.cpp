// Rhythm metrics. Source of groove_consistency: MusPy (see pitch.cpp), after Wu and Yang, "The Jazz
// Transformer on the front line", ISMIR 2020; the bar-true form, density and lengths: own.
#include "symphony/evaluate/metrics/metrics.h"
#include "symphony/evaluate/music_statistics.h"
#include "symphony/score/note_measures.h"
#include "symphony/score/transform.h"

#include <algorithm>

namespace symphony::evaluate {

namespace {

// The published figures that we compare with were taken at this resolution.
constexpr int kGrooveStepsPerQuarter = 12;

std::vector<std::int64_t> groove_places(const score::Score& score) {
    std::vector<score::Note> notes;
    for (const score::Part& part : score.parts)
        notes.insert(notes.end(), part.notes.begin(), part.notes.end());
    std::sort(notes.begin(), notes.end());
    return score::onset_places(notes, score.ticks_per_quarter, kGrooveStepsPerQuarter);
}

}  // namespace

double groove_consistency(const score::Score& score) {
    const std::int64_t end =
        score::rescaled(score.end(), score.ticks_per_quarter, kGrooveStepsPerQuarter).value;
    return score::groove_consistency(groove_places(score), 4 * kGrooveStepsPerQuarter, end);
}

double groove_consistency_of_bars(const score::Score& score) {
    return score::groove_consistency(
        groove_places(score),
        score::place_bars(score::bars_of(score), score.ticks_per_quarter, kGrooveStepsPerQuarter));
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
