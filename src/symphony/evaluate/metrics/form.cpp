// Repetition, key and ending. Source: own; distinct n-grams after Li et al., "A diversity-promoting
// objective function for neural conversation models", NAACL 2016.
#include "symphony/evaluate/bar_similarity.h"
#include "symphony/evaluate/metrics/metrics.h"
#include "symphony/evaluate/music_statistics.h"
#include "symphony/score/harmony.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace symphony::evaluate {

double distinct_ngrams(const score::Score& score) {
    constexpr std::size_t kSteps = 4;
    using Step = std::pair<int, std::int64_t>;  // interval to the next note, this note's length
    std::set<std::vector<Step>> distinct;
    std::size_t total = 0;
    for (const score::Part& part : score.parts) {
        if (part.is_drums) continue;
        std::vector<Step> steps;
        for (std::size_t n = 0; n + 1 < part.notes.size(); ++n)
            steps.emplace_back(part.notes[n + 1].pitch - part.notes[n].pitch,
                               part.notes[n].duration.value);
        for (std::size_t i = 0; i + kSteps <= steps.size(); ++i, ++total)
            distinct.emplace(steps.begin() + static_cast<std::ptrdiff_t>(i),
                             steps.begin() + static_cast<std::ptrdiff_t>(i + kSteps));
    }
    if (total == 0) return kUndefined;
    return static_cast<double>(distinct.size()) / static_cast<double>(total);
}

double tonal_drift(const score::Score& score) {
    constexpr std::size_t kBars = 4;
    const auto bars = score::bars_of(score);
    if (bars.size() < 2 * kBars) return kUndefined;
    const auto first = pitch_class_ticks(score, bars.front().onset, bars[kBars].onset);
    const auto last = pitch_class_ticks(score, bars[bars.size() - kBars].onset, score.end());
    const double first_sum = std::accumulate(first.begin(), first.end(), 0.0);
    const double last_sum = std::accumulate(last.begin(), last.end(), 0.0);
    if (first_sum == 0 || last_sum == 0) return kUndefined;
    double distance = 0;
    for (std::size_t pc = 0; pc < 12; ++pc)
        distance += std::abs(first[pc] / first_sum - last[pc] / last_sum) / 2;
    return distance;
}

double similarity_of_bars(const score::Score& score) {
    return bar_similarity(score, score::bars_of(score).size()).mean();
}

double closes_on_tonic(const score::Score& score) {
    const auto notes = pitched_notes(score);
    if (notes.empty()) return kUndefined;
    score::Ticks end;
    for (const score::Note& note : notes) end = std::max(end, note.end());
    int bass = score::kPitches;
    std::set<int> pitch_classes;
    for (const score::Note& note : notes) {
        if (note.end() != end) continue;
        bass = std::min<int>(bass, note.pitch);
        pitch_classes.insert(note.pitch % 12);
    }
    const score::Key key = score.keys.empty() ? score::estimate_key(score) : score.keys.back().key;
    const int tonic = key.tonic_pitch_class();
    // Major or minor: a minor piece may well end on a major chord (the Picardy third).
    for (const int third : {3, 4}) {
        const std::set<int> triad = {tonic, (tonic + third) % 12, (tonic + 7) % 12};
        const bool inside =
            std::includes(triad.begin(), triad.end(), pitch_classes.begin(), pitch_classes.end());
        if (inside && pitch_classes.count((tonic + third) % 12) && bass % 12 == tonic) return 1;
    }
    return 0;
}

}  // namespace symphony::evaluate
