#include "planted_bars.h"

#include <fmt/format.h>

#include <algorithm>

namespace symphony::tools {
namespace {

using score::Bar;
using score::Meter;
using score::Score;
using score::Ticks;

constexpr std::size_t kFewestBars = 8;

Ticks full_bar(Meter meter, int ticks_per_quarter) {
    return Ticks(std::int64_t{4} * ticks_per_quarter * meter.numerator / meter.denominator);
}

// Everything moved so that tick `from` becomes 0; what began before is left out. Only what bar
// lines are judged by is kept: notes and one metre.
Score written_from(const Score& right, Ticks from, Meter meter) {
    Score score;
    score.ticks_per_quarter = right.ticks_per_quarter;
    score.meters = {{Ticks(0), meter}};
    for (const score::Part& part : right.parts) {
        score::Part& kept = score.parts.emplace_back();
        kept.is_drums = part.is_drums;
        for (score::Note note : part.notes) {
            if (note.onset < from) continue;
            note.onset -= from;
            kept.notes.push_back(note);
        }
    }
    return score;
}

}  // namespace

std::vector<PlantedBars> planted_bars(const Score& right) {
    const std::vector<Bar> bars = score::bars_of(right);
    if (bars.size() < kFewestBars + 2) return {};
    const Meter meter = bars[1].meter;
    const Ticks length = full_bar(meter, right.ticks_per_quarter);
    if (meter.denominator > 8 || right.ticks_per_quarter % 2 != 0) return {};
    const bool regular = std::all_of(bars.begin() + 1, bars.end() - 1, [&](const Bar& bar) {
        return bar.meter == meter && bar.length == length;
    });
    std::vector<PlantedBars> all;
    const std::string name = fmt::format("{}/{}", meter.numerator, meter.denominator);
    all.push_back({.score = right, .meter = meter, .name = name + " as it is"});
    if (!regular) return all;
    const int eighth = right.ticks_per_quarter / 2;
    const int units = static_cast<int>(length.value / eighth);
    const bool compound = meter.numerator > 3 && meter.numerator % 3 == 0;
    const int beat = compound ? 3 : 8 / meter.denominator;
    const Ticks first = bars[1].onset;
    for (int shift = 1; shift < units; ++shift) {
        PlantedBars planted{.score = written_from(right, first + Ticks(shift * eighth), meter),
                            .meter = meter,
                            .name = name + " shifted"};
        planted.shift_units = shift;
        planted.true_phase = units - shift;
        planted.true_shift_quarters = planted.true_phase / 2.0;
        planted.whole_beat = shift % beat == 0;
        all.push_back(std::move(planted));
    }
    if (meter == Meter{3, 4} || meter == Meter{6, 8}) {
        PlantedBars planted{.score = written_from(right, first, {4, 4}),
                            .meter = meter,
                            .name = name + " as 4/4",
                            .as_common_time = true};
        all.push_back(std::move(planted));
    }
    return all;
}

}  // namespace symphony::tools
