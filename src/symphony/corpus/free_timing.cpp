#include "symphony/corpus/free_timing.h"

#include "symphony/score/time_map.h"

#include <algorithm>
#include <cmath>

namespace symphony::corpus {
namespace {

using score::Ticks;

constexpr int kTicksPerQuarter = 500;  // of a millisecond at the default tempo
// An onset this near (in quarters) to a 24th or a 16th of a quarter follows the beat.
constexpr double kOnGrid = 0.004;

bool follows_beat(Ticks onset, int ticks_per_quarter) {
    const double quarters = static_cast<double>(onset.value) / ticks_per_quarter;
    for (const double steps : {24.0, 16.0}) {
        const double at = quarters * steps;
        if (std::abs(at - std::round(at)) <= kOnGrid * steps) return true;
    }
    return false;
}

}  // namespace

double on_grid_share(const score::Score& score) {
    std::int64_t notes = 0, on_grid = 0;
    for (const score::Part& part : score.parts)
        for (const score::Note& note : part.notes) {
            ++notes;
            on_grid += follows_beat(note.onset, score.ticks_per_quarter) ? 1 : 0;
        }
    return notes == 0 ? 1 : static_cast<double>(on_grid) / static_cast<double>(notes);
}

score::Score on_a_clock(const score::Score& score) {
    const score::TimeMap time(score);
    score::Score result = score;
    result.ticks_per_quarter = kTicksPerQuarter;
    const auto at = [&](Ticks onset) {
        return Ticks(std::llround(time.seconds(onset).value * 1000));
    };
    const auto move = [&](auto& events) {
        for (auto& event : events) event.onset = at(event.onset);
    };
    for (score::Part& part : result.parts) {
        for (score::Note& note : part.notes) {
            const Ticks end = at(note.end());
            note.onset = at(note.onset);
            note.duration = std::max(Ticks(1), end - note.onset);
        }
        move(part.controls);
        move(part.bends);
        move(part.programs);
        move(part.texts);
    }
    move(result.keys);
    move(result.phrases);
    move(result.texts);
    result.tempos = {{Ticks(0), score::kDefaultTempoBpm}};
    result.meters.clear();
    result.bars.clear();
    score::sort_events(result);
    return result;
}

}  // namespace symphony::corpus
