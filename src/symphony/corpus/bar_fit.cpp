#include "symphony/corpus/bar_fit.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace symphony::corpus {
namespace {

using score::Bar;
using score::Meter;
using score::Note;

constexpr int kFewestBars = 8;
constexpr double kClearlyStronger = 1.5;
// The middle of a bar of two halves is nearly a bar line: chorales often close there.
constexpr double kClearlyStrongerInTheMiddle = 2.5;
constexpr double kNearPlace = 0.02;  // of a beat: how far an onset may lie from its place

Meter commonest_meter(const std::vector<Bar>& bars) {
    std::map<Meter, int> count;
    for (const Bar& bar : bars) ++count[bar.meter];
    return std::max_element(count.begin(), count.end(),
                            [](const auto& a, const auto& b) { return a.second < b.second; })
        ->first;
}

// 6/8, 9/8, 12/8: three notated units to the beat.
int units_per_beat(Meter meter) { return meter.numerator > 3 && meter.numerator % 3 == 0 ? 3 : 1; }

std::vector<Note> pitched_notes(const score::Score& score) {
    std::vector<Note> notes;
    for (const score::Part& part : score.parts)
        if (!part.is_drums) notes.insert(notes.end(), part.notes.begin(), part.notes.end());
    std::sort(notes.begin(), notes.end());
    return notes;
}

}  // namespace

double bar_line_shift(const score::Score& score, const std::vector<Bar>& bars) {
    if (bars.size() < kFewestBars) return 0;
    const Meter meter = commonest_meter(bars);
    const int units = units_per_beat(meter);
    const double beat_ticks = score.ticks_per_quarter * 4.0 / meter.denominator * units;
    const int places = 2 * meter.numerator / units;
    const double bar_ticks = beat_ticks * places / 2;
    if (places < 4) return 0;

    // Length of all notes that begin at each half beat of whole bars in the commonest metre, none
    // counted longer than a bar.
    std::vector<double> weight(static_cast<std::size_t>(places));
    const std::vector<Note> notes = pitched_notes(score);
    int whole_bars = 0;
    std::size_t next = 0;
    for (const Bar& bar : bars) {
        const bool whole =
            bar.meter == meter && std::abs(static_cast<double>(bar.length.value) - bar_ticks) < 1;
        whole_bars += whole ? 1 : 0;
        for (; next < notes.size() && notes[next].onset < bar.onset + bar.length; ++next) {
            const auto after = static_cast<double>((notes[next].onset - bar.onset).value);
            const double place = 2 * after / beat_ticks;
            const auto nearest = static_cast<std::size_t>(std::llround(std::max(place, 0.0)));
            if (!whole || after < 0 || nearest >= weight.size()) continue;
            if (std::abs(place - static_cast<double>(nearest)) > 2 * kNearPlace) continue;
            weight[nearest] += std::min(static_cast<double>(notes[next].duration.value), bar_ticks);
        }
    }
    if (whole_bars < kFewestBars) return 0;
    const auto strongest = std::max_element(weight.begin(), weight.end());
    const bool middle = 2 * (strongest - weight.begin()) == places && places % 4 == 0;
    const double needed = middle ? kClearlyStrongerInTheMiddle : kClearlyStronger;
    if (*strongest < needed * weight.front() || *strongest <= 0) return 0;
    return static_cast<double>(strongest - weight.begin()) * beat_ticks / 2 /
           score.ticks_per_quarter;
}

}  // namespace symphony::corpus
