// When a piece may end: own rule, from how chorales, songs and quartets close.
#include "symphony/generate/rule.h"
#include "symphony/score/beat.h"

#include <algorithm>

namespace symphony::generate {

namespace {

score::Ticks last_end(const score::Part& part) {
    score::Ticks end;
    for (const score::Note& note : part.notes) end = std::max(end, note.end());
    return end;
}

// The pitched parts that sound in the last `last` bars: those that take part in the ending.
template <class Parts>
auto closing_parts(Parts& parts, const std::vector<score::Bar>& bars, std::size_t last) {
    const score::Ticks from = bars[bars.size() < last ? 0 : bars.size() - last].onset;
    std::vector<decltype(&parts.front())> closing;
    for (auto& part : parts)
        if (!part.is_drums && last_end(part) > from) closing.push_back(&part);
    return closing;
}

}  // namespace

bool ends_properly(const score::Score& score, Close close) {
    const auto bars = score::bars_of(score);
    if (bars.empty()) return false;
    const auto parts = closing_parts(score.parts, bars, close == Close::kTogether ? 2 : 1);
    score::Ticks end, chord_onset;
    for (const score::Part* part : parts) end = std::max(end, last_end(*part));
    for (const score::Part* part : parts) {
        if (last_end(*part) != end) return false;
        for (const score::Note& note : part->notes)
            if (note.end() == end) chord_onset = std::max(chord_onset, note.onset);
    }
    return !parts.empty() && end > bars.back().onset &&
           end - chord_onset >= score::beat_length(bars.back().meter, score.ticks_per_quarter);
}

score::Score with_held_last_chord(score::Score score) {
    const auto bars = score::bars_of(score);
    if (bars.empty()) return score;
    const score::Ticks end = bars.back().onset + bars.back().length;
    const score::Ticks beat = std::min(
        score::beat_length(bars.back().meter, score.ticks_per_quarter), bars.back().length);
    for (score::Part* part : closing_parts(score.parts, bars, 2)) {
        std::erase_if(part->notes,
                      [&](const score::Note& note) { return note.onset + beat > end; });
        if (part->notes.empty()) continue;
        const score::Ticks last_onset = part->notes.back().onset;
        for (score::Note& note : part->notes)
            if (note.end() > last_onset)
                note.duration = (note.onset == last_onset ? end : last_onset) - note.onset;
    }
    return score;
}

}  // namespace symphony::generate
