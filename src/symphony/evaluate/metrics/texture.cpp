// How many notes and parts sound together. Source: own; polyphony as MusPy's, but on exact times
// instead of a grid, and a unison counts as two notes.
#include "symphony/evaluate/metrics/metrics.h"
#include "symphony/evaluate/music_statistics.h"
#include "symphony/score/note_measures.h"

#include <algorithm>
#include <map>

namespace symphony::evaluate {

namespace {

// Time during which `count(level)` holds, over a set of notes: sweeps their beginnings and ends.
class Sweep {
  public:
    void add(const score::Note& note) {
        ++changes_[note.onset.value];
        --changes_[note.end().value];
    }
    // visit(begin, end, notes sounding) for every span in which that number is constant.
    template <class Visit>
    void for_each_span(Visit visit) const {
        std::int64_t level = 0;
        for (auto it = changes_.begin(); it != changes_.end(); ++it) {
            level += it->second;
            if (const auto next = std::next(it); next != changes_.end())
                visit(it->first, next->first, level);
        }
    }

  private:
    std::map<std::int64_t, std::int64_t> changes_;
};

}  // namespace

double polyphony(const score::Score& score) {
    const std::vector<score::Note> notes = pitched_notes(score);
    const score::SoundingTime time = score::sounding_time(notes, score::ends_of(notes));
    double ticks = 0;
    for (const score::Note& note : notes) ticks += static_cast<double>(note.duration.value);
    const auto sounding = static_cast<double>(time.one + time.more);
    return sounding > 0 ? ticks / sounding : kUndefined;
}

double parts_sounding(const score::Score& score) {
    // A part counts once however many of its notes sound, so each is reduced to its sounding spans.
    Sweep parts;
    std::int64_t pitched_parts = 0;
    for (const score::Part& part : score.parts) {
        if (part.is_drums) continue;
        ++pitched_parts;  // one that is silent throughout was meant to sound, too
        Sweep own;
        for (const score::Note& note : part.notes) own.add(note);
        own.for_each_span([&](std::int64_t begin, std::int64_t end, std::int64_t level) {
            score::Note span;
            span.onset = score::Ticks(begin);
            span.duration = score::Ticks(end - begin);
            if (level > 0) parts.add(span);
        });
    }
    double all = 0, total = 0;
    parts.for_each_span([&](std::int64_t begin, std::int64_t end, std::int64_t level) {
        if (level == pitched_parts) all += static_cast<double>(end - begin);
        total += static_cast<double>(end - begin);
    });
    return total > 0 ? all / total : kUndefined;
}

}  // namespace symphony::evaluate
