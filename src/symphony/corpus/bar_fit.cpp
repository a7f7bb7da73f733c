#include "symphony/corpus/bar_fit.h"

#include "symphony/corpus/bar_fit_weights.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace symphony::corpus {
namespace {

using score::Bar;
using score::Meter;

constexpr std::size_t kFewestBars = 8;
constexpr int kEighthsOfThree = 6;
constexpr Meter kCommonTime{4, 4};

// More bars say it more surely, up to a point: a piece repeats itself.
double certainty(std::size_t bars) {
    constexpr std::size_t kMostBars = 64;
    return std::sqrt(static_cast<double>(std::min(bars, kMostBars))) / 4;
}

int beat_units(Meter meter, int units_per_bar) {
    if (meter.numerator > 3 && meter.numerator % 3 == 0) return units_per_bar * 3 / meter.numerator;
    return std::max(1, units_per_bar / meter.numerator);
}

struct Spread {
    AccentRow mean{}, deviation{};
    std::size_t units = 0;
};

Spread spread_of(const Accents& accents) {
    Spread spread;
    AccentRow squares{};
    for (const AccentRun& run : accents.runs)
        for (const AccentRow& row : run.at) {
            ++spread.units;
            for (std::size_t a = 0; a < row.size(); ++a) {
                spread.mean[a] += row[a];
                squares[a] += row[a] * row[a];
            }
        }
    const auto n = static_cast<double>(std::max<std::size_t>(1, spread.units));
    for (std::size_t a = 0; a < spread.mean.size(); ++a) {
        spread.mean[a] /= n;
        spread.deviation[a] =
            std::sqrt(std::max(0.0, squares[a] / n - spread.mean[a] * spread.mean[a]));
    }
    return spread;
}

// Mean accents of every `step`-th unit of each run from `first` on, in deviations from the mean of
// all.
AccentRow accents_of_every(const Accents& accents, const Spread& spread, int first, int step) {
    AccentRow sum{};
    std::size_t count = 0;
    for (const AccentRun& run : accents.runs)
        for (auto i = static_cast<std::size_t>(first % step); i < run.at.size();
             i += static_cast<std::size_t>(step)) {
            ++count;
            for (std::size_t a = 0; a < sum.size(); ++a) sum[a] += run.at[i][a];
        }
    for (std::size_t a = 0; a < sum.size(); ++a) {
        const bool varies = count > 0 && spread.deviation[a] > 1e-9;
        sum[a] = varies
                     ? (sum[a] / static_cast<double>(count) - spread.mean[a]) / spread.deviation[a]
                     : 0;
    }
    return sum;
}

int place(int unit, const Barring& barring) {
    const int length = barring.units_per_bar;
    return ((unit - barring.phase) % length + length) % length;
}

}  // namespace

std::vector<Barring> barrings_for(const Accents& accents) {
    std::vector<Barring> all;
    const int beat = beat_units(accents.meter, accents.units_per_bar);
    for (int phase = 0; phase < accents.units_per_bar; ++phase)
        all.push_back({accents.meter, accents.units_per_bar, beat, phase});
    // Another metre is asked only of 4/4, which may mean nothing, and of music in one stretch.
    if (accents.meter == kCommonTime && accents.runs.size() == 1)
        for (const auto& [meter, units_per_beat] :
             {std::pair{Meter{3, 4}, 2}, std::pair{Meter{6, 8}, 3}})
            for (int phase = 0; phase < kEighthsOfThree; ++phase)
                all.push_back({meter, kEighthsOfThree, units_per_beat, phase});
    return all;
}

namespace {

BarringFeatures features_of(const Accents& accents, const Spread& spread, const Barring& barring) {
    const double scale = certainty(accents.bars);
    BarringFeatures features{};
    std::size_t next = 0;
    const int bar = barring.units_per_bar, beat = barring.units_per_beat;
    const auto add_every = [&](int where, int step) {
        for (const double value :
             accents_of_every(accents, spread, barring.phase + where + bar, step))
            features[next++] = scale * value;
    };
    // The middle of a bar of an even number of beats is its second strong place.
    const bool has_middle = bar / beat % 2 == 0;
    const auto add_near_middle = [&](int where) {
        if (has_middle)
            add_every(bar / 2 + where, bar);
        else
            next += kAccents;
    };
    add_every(0, bar);
    add_near_middle(0);
    add_every(0, beat);
    add_every(-beat, bar);
    add_every(beat, bar);
    add_every(-1, bar);
    add_near_middle(-1);
    add_every(1, bar);
    const int end =
        accents.last_onset_unit < 0 ? -1 : place(static_cast<int>(accents.last_onset_at), barring);
    features[next++] = end == 0 ? 1 : 0;
    features[next++] = has_middle && end == bar / 2 ? 1 : 0;
    features[next++] = barring.meter == Meter{3, 4} && accents.meter == kCommonTime ? 1 : 0;
    features[next++] = barring.meter == Meter{6, 8} && accents.meter == kCommonTime ? 1 : 0;
    return features;
}

}  // namespace

BarringFeatures features_of(const Accents& accents, const Barring& barring) {
    return features_of(accents, spread_of(accents), barring);
}

std::string BarFit::words() const {
    if (fits) return {};
    const std::string where = shift_quarters == 0
                                  ? std::string()
                                  : fmt::format(
                                        "the first bar line lies {:g} quarter{} after the "
                                        "beginning of the bar that is written",
                                        shift_quarters, shift_quarters == 1 ? "" : "s");
    if (!changes_meter) return where;
    return fmt::format("the music is in {}/{}, not in 4/4{}{}", meter.numerator, meter.denominator,
                       where.empty() ? "" : ", and ", where);
}

BarFit bar_fit(const score::Score& score, const std::vector<Bar>& bars) {
    BarFit fit;
    const Accents accents = accents_of(score, bars);
    if (accents.bars < kFewestBars || accents.units_per_bar < 2) return fit;
    fit.meter = accents.meter;
    const std::vector<Barring> barrings = barrings_for(accents);
    const Spread spread = spread_of(accents);
    std::vector<double> score_of(barrings.size());
    for (std::size_t b = 0; b < barrings.size(); ++b) {
        const BarringFeatures features = features_of(accents, spread, barrings[b]);
        for (std::size_t f = 0; f < features.size(); ++f)
            score_of[b] += kBarringWeights[f] * features[f];
    }
    score_of[0] += kPresentBarringPrior;
    const auto best = std::max_element(score_of.begin(), score_of.end());
    double sum = 0;
    for (const double s : score_of) sum += std::exp(s - *best);
    fit.confidence = 1 / sum;
    const Barring& chosen = barrings[static_cast<std::size_t>(best - score_of.begin())];
    if (best == score_of.begin()) return fit;
    if (fit.confidence < kLeastConfidence) {
        fit.confidence = std::exp(score_of[0] - *best) / sum;
        return fit;
    }
    fit.fits = false;
    fit.meter = chosen.meter;
    fit.changes_meter = chosen.meter != accents.meter;
    fit.shift_quarters = chosen.phase * accents.unit_ticks / score.ticks_per_quarter;
    return fit;
}

}  // namespace symphony::corpus
