#include "symphony/io/midi_meters_out.h"

#include <algorithm>
#include <optional>

namespace symphony::io {
namespace {

using score::Meter;

// The metre whose bar is `length` ticks long, with the unit of `notated` or a finer one; where no
// metre is, the next longer one in 1/128 (the following bar states its own metre where it begins).
Meter meter_of_length(std::int64_t length, Meter notated, int ticks_per_quarter) {
    constexpr int kFinest = 128, kMostUnits = 255;
    const std::int64_t whole = std::int64_t{4} * ticks_per_quarter;
    for (int unit = notated.denominator; unit <= kFinest; unit *= 2) {
        const std::int64_t units = length * unit / whole;
        if (length * unit % whole == 0 && units >= 1 && units <= kMostUnits)
            return {static_cast<std::uint8_t>(units), static_cast<std::uint8_t>(unit)};
    }
    int unit = kFinest;
    while (unit > 1 && length * unit / whole >= kMostUnits) unit /= 2;
    const std::int64_t units = std::min<std::int64_t>(kMostUnits, length * unit / whole + 1);
    return {static_cast<std::uint8_t>(units), static_cast<std::uint8_t>(unit)};
}

// A reader takes a short first bar with a longer metre after it for an upbeat; a first bar that is
// none says so.
void mark_full_first_bar(std::vector<TimeSignature>& signatures, int ticks_per_quarter) {
    if (signatures.size() < 2 || signatures[0].onset.value != 0 || signatures[0].value.notated)
        return;
    const Meter meter = signatures[0].value.meter;
    const std::int64_t ticks = std::int64_t{4} * ticks_per_quarter * meter.numerator;
    if (signatures[1].onset.value == ticks / meter.denominator) signatures[0].value.notated = meter;
}

std::vector<TimeSignature> from_bars(const score::Score& score) {
    std::vector<TimeSignature> signatures;
    const std::vector<score::Bar> bars = score::bars_of(score);
    // The metre that goes on if nothing is written; none (numerator 0) after an irregular bar.
    constexpr Meter kNone{0, 1};
    Meter stated = kNone;
    for (const score::Bar& bar : bars) {
        const std::int64_t full = std::int64_t{4} * score.ticks_per_quarter * bar.meter.numerator;
        const bool is_regular = bar.length.value * bar.meter.denominator == full;
        if (is_regular && stated == bar.meter) continue;
        if (is_regular) {
            signatures.push_back({bar.onset, {bar.meter, std::nullopt}});
            stated = bar.meter;
        } else {
            const Meter length =
                meter_of_length(bar.length.value, bar.meter, score.ticks_per_quarter);
            signatures.push_back({bar.onset, {length, bar.meter}});
            stated = kNone;
        }
    }
    const score::Ticks end = bars.back().onset + bars.back().length;
    // Ends an irregular last bar, whose length may not be that of any metre.
    if (stated == kNone) signatures.push_back({end, {bars.back().meter, std::nullopt}});
    for (const score::MeterChange& change : score.meters)
        if (change.onset >= end) signatures.push_back({change.onset, {change.meter, std::nullopt}});
    return signatures;
}

}  // namespace

std::vector<TimeSignature> time_signatures_of(const score::Score& score) {
    std::vector<TimeSignature> signatures;
    if (!score.bars.empty()) {
        signatures = from_bars(score);
    } else {
        for (const score::MeterChange& change : score.meters)
            signatures.push_back({change.onset, {change.meter, std::nullopt}});
    }
    mark_full_first_bar(signatures, score.ticks_per_quarter);
    return signatures;
}

}  // namespace symphony::io
