#include "symphony/corpus/atlas/metre.h"

#include "symphony/score/beat.h"
#include "symphony/score/transform.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace symphony::corpus {
namespace {

using score::Bar;
using score::Ticks;

constexpr int kUnset = std::numeric_limits<int>::min();
constexpr int kStepsPerBeat = 24;
constexpr double kNearStep = 0.004;                     // of a beat, beside half a tick
constexpr double kLeastSwing = 0.75, kMostSwing = 3.5;  // ratios outside are no division in two
constexpr double kSwingSteps = 20;
constexpr std::int64_t kMostPlaces = std::int64_t{1} << 22;  // about 65,000 bars of 4/4

bool is_compound(score::Meter meter) {
    constexpr int kTicks = 384;
    return score::beat_length(meter, kTicks).value * meter.denominator > std::int64_t{4} * kTicks;
}

// Where a bar's first tick stands in its metre. An upbeat is counted from its end: the first bar if
// it is short, or the second of two short ones that make up a whole bar.
std::int64_t lead_in(std::span<const Bar> bars, std::size_t b, int ticks_per_quarter) {
    const Bar& bar = bars[b];
    const std::int64_t whole =
        std::int64_t{4} * ticks_per_quarter * bar.meter.numerator / bar.meter.denominator;
    const std::int64_t missing = whole - bar.length.value;
    if (missing <= 0) return 0;
    return b == 0 || bars[b - 1].length.value == missing ? missing : 0;
}

// What each onset of a bar asks about it.
struct BarTime {
    std::int64_t lead = 0, beat = 1;  // ticks
    bool compound = false;
};

std::vector<BarTime> bar_times(std::span<const Bar> bars, int ticks_per_quarter) {
    std::vector<BarTime> times;
    times.reserve(bars.size());
    for (std::size_t b = 0; b < bars.size(); ++b)
        times.push_back({lead_in(bars, b, ticks_per_quarter),
                         score::beat_length(bars[b].meter, ticks_per_quarter).value,
                         is_compound(bars[b].meter)});
    return times;
}

// The bars laid out in sixteenths, each with its weight.
struct Grid {
    std::vector<std::int64_t> first_place;  // of each bar
    std::vector<int> weights;
};

Grid grid_of(std::span<const Bar> bars, int ticks_per_quarter) {
    Grid grid;
    std::map<score::Meter, std::vector<int>> known;
    for (std::size_t b = 0; b < bars.size(); ++b) {
        const auto [it, is_new] = known.try_emplace(bars[b].meter);
        if (is_new) it->second = metrical_weights(bars[b].meter);
        const std::vector<int>& weights = it->second;
        grid.first_place.push_back(static_cast<std::int64_t>(grid.weights.size()));
        const std::int64_t lead = lead_in(bars, b, ticks_per_quarter);
        const std::int64_t first = lead * kPlacesPerQuarter / ticks_per_quarter;
        const std::int64_t places =
            (bars[b].length.value * kPlacesPerQuarter + ticks_per_quarter - 1) / ticks_per_quarter;
        if (static_cast<std::int64_t>(grid.weights.size()) + places > kMostPlaces) return {};
        for (std::int64_t p = 0; p < places; ++p)
            grid.weights.push_back(weights[static_cast<std::size_t>(first + p) % weights.size()]);
    }
    return grid;
}

// The onsets of one part, equal ones once, each with its bar.
struct Onset {
    Ticks at;
    std::size_t bar;
};

std::vector<Onset> onsets_of(const std::vector<score::Note>& notes, std::span<const Bar> bars) {
    std::vector<Onset> onsets;
    std::size_t bar = 0;
    for (const score::Note& note : notes) {
        if (!onsets.empty() && onsets.back().at == note.onset) continue;
        while (bar + 1 < bars.size() && bars[bar + 1].onset <= note.onset) ++bar;
        onsets.push_back({note.onset, bar});
    }
    return onsets;
}

void weigh(std::span<const Onset> onsets, std::span<const Bar> bars, const Grid& grid,
           int ticks_per_quarter, RhythmStatistics& out) {
    const auto places_after = [&](const Onset& onset) {
        return (onset.at - bars[onset.bar].onset).value * kPlacesPerQuarter;
    };
    for (std::size_t i = 0; i + 1 < onsets.size(); ++i) {
        if (places_after(onsets[i]) % ticks_per_quarter != 0) continue;
        const auto place_of = [&](const Onset& onset) {  // off the grid: the next place
            return static_cast<std::size_t>(grid.first_place[onset.bar] +
                                            (places_after(onset) + ticks_per_quarter - 1) /
                                                ticks_per_quarter);
        };
        const std::size_t place = place_of(onsets[i]);
        const std::size_t next = std::min(place_of(onsets[i + 1]), grid.weights.size());
        if (place >= grid.weights.size()) continue;
        int heaviest = kUnset;
        for (std::size_t p = place + 1; p < next; ++p)
            heaviest = std::max(heaviest, grid.weights[p]);
        ++out.weighed_onsets;
        if (heaviest <= grid.weights[place]) continue;
        ++out.syncopated_onsets;
        out.syncopation_levels += heaviest - grid.weights[place];
    }
}

void divide_beats(std::span<const Onset> onsets, std::span<const Bar> bars,
                  std::span<const BarTime> times, RhythmStatistics& out) {
    for (std::size_t i = 0; i < onsets.size(); ++i) {
        const BarTime& time = times[onsets[i].bar];
        if (time.compound) continue;
        const std::int64_t beat = time.beat;
        const std::int64_t after = (onsets[i].at - bars[onsets[i].bar].onset).value + time.lead;
        const double in_beat = static_cast<double>(after % beat) / static_cast<double>(beat);
        const int step = static_cast<int>(std::round(in_beat * kStepsPerBeat));
        ++out.simple_onsets;
        const bool near = std::abs(in_beat - static_cast<double>(step) / kStepsPerBeat) <=
                          kNearStep + 0.5 / static_cast<double>(beat);
        // Thirds and sixths of a beat that are not also its half.
        if (near && step % 4 == 0 && step % 12 != 0) ++out.triplet_onsets;
        const Ticks end_of_beat = onsets[i].at + Ticks(beat);
        const bool divided_once = after % beat == 0 && i + 1 < onsets.size() &&
                                  onsets[i + 1].at < end_of_beat &&
                                  (i + 2 == onsets.size() || onsets[i + 2].at >= end_of_beat);
        if (!divided_once) continue;
        const auto first = static_cast<double>((onsets[i + 1].at - onsets[i].at).value);
        const double ratio = first / (static_cast<double>(beat) - first);
        if (ratio >= kLeastSwing && ratio <= kMostSwing)
            ++out.swing_ratio[std::round(ratio * kSwingSteps) / kSwingSteps];
    }
}

}  // namespace

std::vector<int> metrical_weights(score::Meter meter) {
    const int places = 16 * meter.numerator / meter.denominator;
    std::vector<int> weights(static_cast<std::size_t>(std::max(1, places)), kUnset);
    weights[0] = 0;
    int weight = 0;
    // Gives every multiple of `size` sixteenths that has none yet the next lower weight.
    const auto next_level = [&](int size) {
        if (size < 1 || size >= static_cast<int>(weights.size())) return;
        --weight;
        for (std::size_t at = 0; at < weights.size(); at += static_cast<std::size_t>(size))
            if (weights[at] == kUnset) weights[at] = weight;
    };
    const int unit = 16 / meter.denominator;  // in sixteenths; 0 for 32nds and shorter
    const int beat = is_compound(meter) ? 3 * unit : unit;
    const int beats = is_compound(meter) ? meter.numerator / 3 : meter.numerator;
    if ((beats & (beats - 1)) == 0)  // a power of two: halves down to the beat
        for (int group = beats / 2; group > 1; group /= 2) next_level(group * beat);
    next_level(beat);
    for (int size = is_compound(meter) ? unit : unit / 2; size >= 1; size /= 2) next_level(size);
    std::replace(weights.begin(), weights.end(), kUnset, weight - 1);
    return weights;
}

double RhythmStatistics::syncopation() const {
    return weighed_onsets == 0
               ? std::numeric_limits<double>::quiet_NaN()
               : static_cast<double>(syncopation_levels) / static_cast<double>(weighed_onsets);
}

double RhythmStatistics::triplet_share() const {
    return simple_onsets == 0
               ? std::numeric_limits<double>::quiet_NaN()
               : static_cast<double>(triplet_onsets) / static_cast<double>(simple_onsets);
}

RhythmStatistics rhythm_of(const score::Score& score, std::span<const Bar> bars) {
    RhythmStatistics rhythm;
    if (bars.empty()) return rhythm;
    const int tpq = score.ticks_per_quarter;
    const Grid grid = grid_of(bars, tpq);
    const std::vector<BarTime> times = bar_times(bars, tpq);
    std::map<score::Meter, WholeCounts> profiles;
    for (const score::Part& part : score.parts) {
        const std::vector<Onset> onsets = onsets_of(part.notes, bars);
        if (!grid.weights.empty()) weigh(onsets, bars, grid, tpq, rhythm);
        divide_beats(onsets, bars, times, rhythm);
        WholeCounts* profile = nullptr;
        score::Meter meter;  // of the profile
        for (const Onset& onset : onsets) {
            const Bar& bar = bars[onset.bar];
            if (!profile || meter != bar.meter)
                profile = &profiles.try_emplace(meter = bar.meter, 0, 256).first->second;
            const std::int64_t at = (onset.at - bar.onset).value + times[onset.bar].lead;
            profile->add(score::rescaled(Ticks(at), tpq, kStepsPerBeat).value);
        }
    }
    for (const auto& [meter, counts] : profiles)
        rhythm.onset_profile[fmt::format("{}/{}", meter.numerator, meter.denominator)] =
            counts.tally(kStepsPerBeat);
    return rhythm;
}

}  // namespace symphony::corpus
