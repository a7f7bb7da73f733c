#include "symphony/corpus/timing_facts.h"

#include "symphony/score/time_map.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace symphony::corpus {
namespace {

constexpr std::uint8_t kPedal = 64, kPedalDown = 64, kVolume = 7, kPan = 10, kExpression = 11;

// Is `at` the multiple of a quarter's `steps`-th part that is nearest to it, as well as whole ticks
// can say it?
bool lies_on(std::int64_t at, int steps, int ticks_per_quarter) {
    const std::int64_t rest = at * steps % ticks_per_quarter;
    const std::int64_t off = std::min(rest, ticks_per_quarter - rest);  // in steps-ths of a tick
    return 2 * off < steps;
}

bool is_on_third(std::int64_t at, int which, int ticks_per_quarter) {
    if (!lies_on(at, 3, ticks_per_quarter)) return false;
    const std::int64_t nearest = (at * 3 + ticks_per_quarter / 2) / ticks_per_quarter;
    return nearest % 3 == which;
}

}  // namespace

void TimingFacts::add(const score::Score& score) {
    ++pieces;
    milliseconds += std::llround(1000 * score::duration_of(score).value);
    bool drums = false, pedal = false, controls = false;
    for (const score::Part& part : score.parts) {
        drums |= part.is_drums && !part.notes.empty();
        for (const score::ControlChange& control : part.controls) {
            pedal |= control.controller == kPedal && control.value >= kPedalDown;
            // What is set before the first note is the mix, not the music.
            const bool while_playing =
                !part.notes.empty() && control.onset > part.notes.front().onset;
            controls |=
                while_playing && (control.controller == kVolume || control.controller == kPan ||
                                  control.controller == kExpression);
        }
        for (const score::Note& note : part.notes) {
            ++notes;
            ++velocities[note.velocity % velocities.size()];
            for (std::size_t g = 0; g < kGrids.size(); ++g)
                on_grid[g] += lies_on(note.onset.value, kGrids[g], score.ticks_per_quarter);
            on_first_third += is_on_third(note.onset.value, 1, score.ticks_per_quarter);
            on_last_third += is_on_third(note.onset.value, 2, score.ticks_per_quarter);
        }
    }
    pieces_with_drums += drums;
    pieces_with_pedal += pedal;
    pieces_with_controls += controls;
    if (!score.tempos.empty()) tempo_changes += static_cast<std::int64_t>(score.tempos.size()) - 1;
    const std::vector<score::Bar> bars = score::bars_of(score);
    pieces_with_upbeat += bars.size() > 1 && bars[0].length < bars[1].length;
}

void TimingFacts::merge(const TimingFacts& other) {
    pieces += other.pieces;
    notes += other.notes;
    milliseconds += other.milliseconds;
    for (std::size_t g = 0; g < kGrids.size(); ++g) on_grid[g] += other.on_grid[g];
    on_first_third += other.on_first_third;
    on_last_third += other.on_last_third;
    for (std::size_t v = 0; v < velocities.size(); ++v) velocities[v] += other.velocities[v];
    tempo_changes += other.tempo_changes;
    pieces_with_drums += other.pieces_with_drums;
    pieces_with_pedal += other.pieces_with_pedal;
    pieces_with_upbeat += other.pieces_with_upbeat;
    pieces_with_controls += other.pieces_with_controls;
}

std::int64_t TimingFacts::on(int steps_per_quarter) const {
    const auto grid = std::find(kGrids.begin(), kGrids.end(), steps_per_quarter);
    assert(grid != kGrids.end());
    return on_grid[static_cast<std::size_t>(grid - kGrids.begin())];
}

int TimingFacts::different_velocities() const {
    return static_cast<int>(
        std::count_if(velocities.begin(), velocities.end(),
                      [](std::int64_t notes_of_it) { return notes_of_it > 0; }));
}

}  // namespace symphony::corpus
