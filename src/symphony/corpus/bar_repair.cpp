#include "symphony/corpus/bar_repair.h"

#include "symphony/corpus/bar_fit.h"
#include "symphony/corpus/free_timing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace symphony::corpus {
namespace {

using score::Bar;
using score::Score;
using score::Ticks;

// All bars, the last one perhaps, are whole and in one metre: the bar lines can be moved together.
bool is_barred_evenly(const std::vector<Bar>& bars) {
    return std::all_of(bars.begin(), bars.end() - 1,
                       [&](const Bar& bar) {
                           return bar.meter == bars.front().meter &&
                                  bar.length == bars.front().length;
                       }) &&
           bars.back().meter == bars.front().meter;
}

Ticks full_bar(score::Meter meter, int ticks_per_quarter) {
    return Ticks(std::int64_t{4} * ticks_per_quarter * meter.numerator / meter.denominator);
}

}  // namespace

std::vector<io::Diagnostic> timing_diagnostics(const Score& score) {
    std::vector<io::Diagnostic> found;
    const double on_grid = on_grid_share(score);
    if (on_grid < kFollowsBeats) {
        found.push_back(
            {.code = "COR011",
             .name = "free-timing",
             .detail = fmt::format("{:.0f} % of onsets follow the beats: played without "
                                   "a click (prepare --timing free keeps it), or noise",
                                   100 * on_grid)});
        return found;  // bars of what has no beat say nothing
    }
    const std::vector<Bar> bars = score::bars_of(score);
    const BarFit fit = bar_fit(score, bars);
    if (!fit.fits)
        found.push_back(
            {.code = "COR010",
             .name = "bar-lines",
             .detail = fmt::format("{} ({:.0f} % sure); {}", fit.words(), 100 * fit.confidence,
                                   is_barred_evenly(bars)
                                       ? "repair --bars writes it so"
                                       : "the metre changes inside: mend it by hand")});
    return found;
}

std::optional<io::Diagnostic> mend_bars(Score& score) {
    if (on_grid_share(score) < kFollowsBeats) return std::nullopt;
    const std::vector<Bar> bars = score::bars_of(score);
    const BarFit fit = bar_fit(score, bars);
    if (fit.fits || !is_barred_evenly(bars)) return std::nullopt;
    const Ticks end = score.end();
    const Ticks upbeat(std::llround(fit.shift_quarters * score.ticks_per_quarter));
    const Ticks length = full_bar(fit.meter, score.ticks_per_quarter);
    score.meters = {{Ticks(0), fit.meter}};
    score.bars.clear();
    if (upbeat > Ticks(0)) score.bars.push_back({Ticks(0), upbeat, fit.meter});
    for (Ticks at = upbeat; at < end; at += length) score.bars.push_back({at, length, fit.meter});
    return io::Diagnostic{
        .code = "COR012",
        .name = "bars-mended",
        .detail = fmt::format("{} ({:.0f} % sure)", fit.words(), 100 * fit.confidence)};
}

}  // namespace symphony::corpus
