#include "symphony/io/midi_time.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace symphony::io {
namespace {

using score::Bar;
using score::Meter;
using score::Ticks;

// Sorts by time and keeps one event a tick: of the first track that has one the last.
template <class Value>
void settle(std::vector<Shared<Value>>& events) {
    std::stable_sort(events.begin(), events.end(), [](const auto& a, const auto& b) {
        return a.at != b.at ? a.at < b.at : a.track < b.track;
    });
    std::size_t kept = 0;
    for (const Shared<Value>& event : events) {
        if (kept > 0 && events[kept - 1].at == event.at) {
            if (events[kept - 1].track == event.track) events[kept - 1] = event;
            continue;
        }
        events[kept++] = event;
    }
    events.resize(kept);
}

// Appends a change to `changes` unless it changes nothing.
template <class Change, class Value>
void append_change(std::vector<Change>& changes, std::int64_t at, Value Change::*field,
                   const Value& value) {
    if (!changes.empty() && changes.back().*field == value) return;
    Change change;
    change.onset = Ticks(at);
    change.*field = value;
    changes.push_back(change);
}

// One stretch of bars of one length.
struct Stretch {
    std::int64_t from;
    std::int64_t until;
    Meter length;
    Meter notated;
    bool is_one_bar;  // however long
};

class BarRuler {
  public:
    explicit BarRuler(int ticks_per_quarter) : ticks_per_quarter_(ticks_per_quarter) {}

    // Start of bar `index` of a stretch, from its beginning.
    std::int64_t bar_start(Meter meter, std::int64_t index) const {
        return index * 4 * ticks_per_quarter_ * meter.numerator / meter.denominator;
    }
    std::int64_t bars_in(const Stretch& stretch) const {
        if (stretch.is_one_bar) return 1;
        const std::int64_t whole = std::int64_t{4} * ticks_per_quarter_ * stretch.length.numerator;
        return (stretch.until - stretch.from) * stretch.length.denominator / whole + 1;
    }
    // A bar shorter than a tick has no start of its own and is left out.
    void append(const Stretch& stretch, bool cut, std::vector<Bar>& bars) const {
        if (stretch.is_one_bar) {
            bars.push_back(
                {Ticks(stretch.from), Ticks(stretch.until - stretch.from), stretch.notated});
            return;
        }
        const std::int64_t whole = bar_start({stretch.length.numerator, 1}, 1);
        const std::int64_t step = whole / stretch.length.denominator;
        if (step * stretch.length.denominator == whole) {  // no bar is a fraction of a tick longer
            for (std::int64_t onset = stretch.from; onset < stretch.until; onset += step) {
                const std::int64_t length = cut ? std::min(step, stretch.until - onset) : step;
                bars.push_back({Ticks(onset), Ticks(length), stretch.notated});
            }
            return;
        }
        for (std::int64_t index = 0;; ++index) {
            const std::int64_t onset = stretch.from + bar_start(stretch.length, index);
            std::int64_t end = stretch.from + bar_start(stretch.length, index + 1);
            if (onset >= stretch.until) return;
            if (cut) end = std::min(end, stretch.until);
            if (end > onset) bars.push_back({Ticks(onset), Ticks(end - onset), stretch.notated});
        }
    }

  private:
    int ticks_per_quarter_;
};

void mark_upbeat(std::vector<Shared<WrittenMeter>>& meters, const BarRuler& ruler) {
    if (meters.size() < 2 || meters[0].at != 0 || meters[0].value.notated) return;
    const std::int64_t first = ruler.bar_start(meters[0].value.meter, 1);
    const Meter main = meters[1].value.notated.value_or(meters[1].value.meter);
    const std::int64_t full = ruler.bar_start(main, 1);
    const bool main_lasts = meters.size() == 2 || meters[2].at - first > full;
    if (meters[1].at == first && full > first && main_lasts) meters[0].value.notated = main;
}

std::vector<Stretch> stretches_of(const std::vector<Shared<WrittenMeter>>& meters,
                                  const BarRuler& ruler, std::int64_t end) {
    std::vector<Stretch> stretches;
    if (meters[0].at > 0) stretches.push_back({0, meters[0].at, Meter{}, Meter{}, false});
    for (std::size_t i = 0; i < meters.size(); ++i) {
        const auto& [meter, notated] = meters[i].value;
        const std::int64_t from = meters[i].at;
        const std::int64_t until = i + 1 < meters.size() ? meters[i + 1].at : std::max(end, from);
        if (!notated) {
            stretches.push_back({from, until, meter, meter, false});
            continue;
        }
        const std::int64_t bar_end =
            i + 1 < meters.size() ? until
                                  : from + std::max<std::int64_t>(1, ruler.bar_start(meter, 1));
        stretches.push_back({from, bar_end, meter, *notated, true});
        if (bar_end < until) stretches.push_back({bar_end, until, *notated, *notated, false});
    }
    return stretches;
}

void apply_meters(std::vector<Shared<WrittenMeter>> meters, score::Score& score,
                  DiagnosticLog& log) {
    if (meters.empty()) return;
    const BarRuler ruler(score.ticks_per_quarter);
    mark_upbeat(meters, ruler);
    const std::int64_t end = score.end().value;
    const std::vector<Stretch> stretches = stretches_of(meters, ruler, end);
    std::int64_t bars = 0;
    for (const Stretch& stretch : stretches) bars += ruler.bars_in(stretch);
    if (bars > kMaxBars) {
        log.add(MidiTrouble::kMetersTooDense, 0, -1, fmt::format("{} bars", bars));
        return;
    }
    for (const Shared<WrittenMeter>& meter : meters)
        append_change(score.meters, meter.at, &score::MeterChange::meter,
                      meter.value.notated.value_or(meter.value.meter));
    score.bars.reserve(static_cast<std::size_t>(bars));
    for (const Stretch& stretch : stretches)
        ruler.append(stretch, /*cut=*/&stretch != &stretches.back(), score.bars);
    // Metres that change after the last note make no bars.
    while (!score.bars.empty() && score.bars.back().onset.value >= end) score.bars.pop_back();
    // The last bar may be cut short by the end of time.
    const Ticks latest(kMaxQuarters * score.ticks_per_quarter);
    if (!score.bars.empty())
        score.bars.back().length =
            std::min(score.bars.back().length, latest - score.bars.back().onset);
}

}  // namespace

MidiClock read_division(std::uint16_t division, std::uint64_t offset, DiagnosticLog& log) {
    MidiClock clock;
    if (division < 0x8000) {
        if (division == 0)
            log.add(MidiTrouble::kDivisionZero, offset, -1);
        else
            clock.ticks_per_quarter = clock.division = division;
        return clock;
    }
    constexpr std::array<int, 4> kRates{24, 25, 29, 30};
    const int given_rate = 256 - (division >> 8);
    const int per_frame = std::max(1, division & 0xFF);
    const int rate = *std::min_element(kRates.begin(), kRates.end(), [&](int a, int b) {
        return std::abs(a - given_rate) < std::abs(b - given_rate);
    });
    if (rate != given_rate || (division & 0xFF) == 0)
        log.add(MidiTrouble::kSmpteUnknownRate, offset, -1,
                fmt::format("{} frames a second, {} ticks a frame", given_rate, division & 0xFF));
    log.add(MidiTrouble::kSmpteDivision, offset, -1,
            fmt::format("{} frames a second, {} ticks a frame", rate, per_frame));
    clock.division = static_cast<std::uint16_t>((256 - rate) << 8 | per_frame);
    // 29 stands for 29.97 frames a second, counted as 30.
    const int ticks_per_nominal_second = (rate == 29 ? 30 : rate) * per_frame;
    const double slowing = rate == 29 ? 1000.0 / 1001.0 : 1.0;
    const bool halves = ticks_per_nominal_second % 2 == 0;
    clock.ticks_per_quarter = halves ? ticks_per_nominal_second / 2 : ticks_per_nominal_second;
    clock.fixed_tempo = (halves ? 120 : 60) * slowing;
    return clock;
}

double tempo_of(std::uint32_t microseconds) {
    constexpr double kMicrosecondsPerMinute = 6e7;
    const double exact = kMicrosecondsPerMinute / microseconds;
    for (const double decimals : {1.0, 10.0, 100.0, 1000.0}) {
        const double rounded = std::round(exact * decimals) / decimals;
        if (rounded > 0 && std::llround(kMicrosecondsPerMinute / rounded) == microseconds)
            return rounded;
    }
    return exact;
}

void apply_shared_events(SharedEvents events, score::Score& score, DiagnosticLog& log) {
    settle(events.tempos);
    settle(events.keys);
    settle(events.meters);
    for (const auto& tempo : events.tempos)
        append_change(score.tempos, tempo.at, &score::TempoChange::quarters_per_minute,
                      tempo.value);
    for (const auto& key : events.keys)
        append_change(score.keys, key.at, &score::KeyChange::key, key.value);
    apply_meters(std::move(events.meters), score, log);
}

}  // namespace symphony::io
