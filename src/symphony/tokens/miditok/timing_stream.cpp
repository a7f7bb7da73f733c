#include "symphony/tokens/miditok/timing.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace symphony::tokens::miditok {
namespace {

// Until when nothing can be called a rest after this event.
std::int64_t busy_until(const Event& event, bool meters_count) {
    if (starts_note(event.word.type)) return event.note_end;
    switch (event.word.type) {
        case Type::kProgram:
        case Type::kTempo:
        case Type::kPedal:
        case Type::kPedalOff:
        case Type::kPitchBend:
        case Type::kChord:
            return event.time;
        case Type::kTimeSig:
            return meters_count ? event.time : 0;
        default:
            return 0;
    }
}

Event made(Type type, int value, std::int64_t time) {
    Event event;
    event.word = {type, value};
    event.time = time;
    return event;
}

Meter first_meter(const std::vector<Event>& events) {
    for (const Event& event : events)
        if (event.word.type == Type::kTimeSig) return meter_of(event.word.value);
    return {};
}

// Writes what rests fit between `from` and `to`; where they end.
std::int64_t add_rests(std::vector<Event>& out, std::int64_t from, std::int64_t to,
                       std::int64_t beat, const Values& values) {
    for (const int rest : values.split(to - from, beat, /*rest=*/true)) {
        out.push_back(made(Type::kRest, rest, from));
        from += values.rest_ticks(beat)[static_cast<std::size_t>(rest)];
    }
    return from;
}

class BarSpeller {
  public:
    BarSpeller(const std::vector<Event>& events, std::int64_t quarter, const Config& config,
               const Values& values)
        : events_(events),
          config_(config),
          values_(values),
          clock_(config.use_time_signatures ? first_meter(events) : Meter{}, quarter,
                 config.positions_per_beat()) {
        out_.reserve(events.size() * 5 / 4);
    }

    std::vector<Event> spell() {
        std::int64_t last = -1, busy = 0;
        for (const Event& event : events_) {
            const bool is_meter = event.word.type == Type::kTimeSig;
            if (event.time != last) {
                if (config_.use_rests &&
                    event.time - busy >= values_.rest_ticks(clock_.beat).front())
                    rest(busy, event.time);
                new_bars(event.time, is_meter);
                if (!is_meter) {
                    Event position = made(
                        Type::kPosition,
                        static_cast<int>((event.time - bar_tick_) / clock_.position), event.time);
                    position.source = event.source;
                    out_.push_back(position);
                }
                last = event.time;
            }
            if (is_meter) {
                clock_.change(meter_of(event.word.value), event.time);
                --last;  // the position of what follows is still to be said
            }
            out_.push_back(event);
            busy = std::max(busy, busy_until(event, /*meters_count=*/true));
        }
        if (busy > last && config_.add_trailing_bars && !events_.empty())
            new_bars(busy, events_.back().word.type == Type::kTimeSig);
        return std::move(out_);
    }

  private:
    void rest(std::int64_t from, std::int64_t to) {
        const std::int64_t end = add_rests(out_, from, to, clock_.beat, values_);
        const std::int64_t bar = clock_.bar_at(end);
        if (bar <= bar_) return;
        if (bar_ == -1) bar_ = 0;
        bar_tick_ += (bar - bar_) * clock_.bar;
        bar_ = bar;
    }

    void new_bars(std::int64_t until, bool before_meter) {
        const std::int64_t count = clock_.bar_at(until) - bar_;
        for (std::int64_t i = 0; i < count; ++i) {
            ++bar_;
            bar_tick_ = clock_.change_tick + (bar_ - clock_.change_bar) * clock_.bar;
            if (config_.use_bar_end_tokens && bar_ > 0)
                out_.push_back(made(Type::kBar, kBarEnd, bar_tick_ - 1));
            // MidiTok numbers bars so: those begun together are counted twice.
            const int number = config_.max_bar_embedding ? static_cast<int>(bar_ + i) : kNone;
            out_.push_back(made(Type::kBar, number, bar_tick_));
            if (config_.use_time_signatures && !(before_meter && i + 1 == count))
                out_.push_back(made(Type::kTimeSig, meter_value(clock_.meter), bar_tick_));
        }
    }

    const std::vector<Event>& events_;
    const Config& config_;
    const Values& values_;
    BarClock clock_;
    std::vector<Event> out_;
    std::int64_t bar_ = -1, bar_tick_ = 0;
};

}  // namespace

std::vector<Event> spell_bars(const std::vector<Event>& events, std::int64_t ticks_per_quarter,
                              const Config& config, const Values& values) {
    return BarSpeller(events, ticks_per_quarter, config, values).spell();
}

std::vector<Event> spell_shifts(const std::vector<Event>& events, std::int64_t ticks_per_quarter,
                                const Config& config, const Values& values) {
    std::vector<Event> out;
    out.reserve(events.size() * 5 / 4);
    std::int64_t last = 0, busy = 0, beat = ticks_per_quarter;
    for (const Event& event : events) {
        if (event.time != last) {
            if (config.use_rests && event.time - busy >= values.rest_ticks(beat).front())
                last = add_rests(out, busy, event.time, beat, values);
            for (const int shift : values.split(event.time - last, beat, /*rest=*/false)) {
                out.push_back(made(Type::kTimeShift, shift, last));
                out.back().source = event.source;
                last += values.duration_ticks(beat)[static_cast<std::size_t>(shift)];
            }
            last = event.time;
        }
        if (event.word.type == Type::kTimeSig)
            beat = ticks_per_beat(meter_of(event.word.value), ticks_per_quarter);
        out.push_back(event);
        busy = std::max(busy, busy_until(event, /*meters_count=*/!config.note_on_off()));
    }
    return out;
}

std::vector<Event> spell_structured(const std::vector<Event>& events,
                                    std::int64_t ticks_per_quarter, bool one_stream,
                                    const Values& values) {
    std::vector<Event> out;
    out.reserve(events.size() * 5 / 4);
    std::int64_t last = 0;
    for (const Event& event : events) {
        const Type type = event.word.type;
        // In one stream time is said before the program, as each note has one; else before it too,
        // which is the pitch where there are no programs.
        if (type == Type::kProgram ||
            (!one_stream && (type == Type::kPitch || type == Type::kPitchDrum) &&
             (out.empty() || out.back().word.type != Type::kProgram))) {
            int shift = kNone;
            if (event.time != last)
                shift = values.duration_index(closest(values.duration_ticks(ticks_per_quarter),
                                                      static_cast<double>(event.time - last)),
                                              ticks_per_quarter);
            out.push_back(made(Type::kTimeShift, shift, event.time));
            out.back().source = event.source;
            last = event.time;
        }
        out.push_back(event);
    }
    return out;
}

std::vector<Event> spell_pertok(const std::vector<Event>& events, const Config& config,
                                const Values& values) {
    const auto nearest = [](const std::vector<std::int64_t>& sorted, double value) {
        std::int64_t best = sorted.front();
        for (const std::int64_t candidate : sorted)
            if (std::abs(static_cast<double>(candidate) - value) <
                std::abs(static_cast<double>(best) - value))
                best = candidate;
        return best;
    };
    const auto is_placed = [](Type type) {
        switch (type) {
            case Type::kPitch:
            case Type::kPitchDrum:
            case Type::kPitchIntervalChord:
            case Type::kPedal:
            case Type::kPedalOff:
            case Type::kPitchBend:
            case Type::kChord:
            case Type::kProgram:
                return true;
            default:
                return false;
        }
    };
    std::vector<Event> out;
    const double quarter = config.pertok_ticks_per_quarter;
    // MidiTok counts a bar of n/d as d / 4 * n quarters, and may have half ticks.
    double bar = quarter * 4, last = 0, bar_time = 0;
    std::int64_t bars = 0;
    for (const Event& event : events) {
        const auto time = static_cast<double>(event.time);
        while (time >
               static_cast<double>(bars + 1) * bar - static_cast<double>(values.min_timeshift)) {
            bar_time += bar;
            out.push_back(made(Type::kBar, kNone, static_cast<std::int64_t>(bar_time)));
            ++bars;
            last = static_cast<double>(bars) * bar;
        }
        if (event.word.type == Type::kTimeSig) {
            const Meter meter = meter_of(event.word.value);
            bar = meter.denominator / 4.0 * meter.numerator * quarter;
        }
        const double since = time - last;
        double micro = 0;
        const bool placed = is_placed(event.word.type);
        if (placed && config.use_position_toks) {
            const std::int64_t position = nearest(values.positions, time - bar_time);
            micro = time - bar_time - static_cast<double>(position);
            if (since >= static_cast<double>(values.min_timeshift)) {
                out.push_back(made(Type::kPosition, static_cast<int>(position), event.time));
                out.back().source = event.source;
                last = bar_time + static_cast<double>(position);
            }
        } else if (placed) {
            double shift = 0;
            if (since >= static_cast<double>(values.min_timeshift)) {
                std::size_t best = 0;
                for (std::size_t i = 0; i < values.durations.size(); ++i) {
                    const auto distance = [&](std::size_t d) {
                        return std::abs(static_cast<double>(values.durations[d].ticks(
                                            config.pertok_ticks_per_quarter)) -
                                        since);
                    };
                    if (distance(i) < distance(best)) best = i;
                }
                out.push_back(made(Type::kTimeShift, static_cast<int>(best), event.time));
                out.back().source = event.source;
                shift = static_cast<double>(
                    values.durations[best].ticks(config.pertok_ticks_per_quarter));
                last += shift;
            }
            micro = since - shift;
        }
        out.push_back(event);
        if (placed && config.use_microtiming) {
            out.push_back(made(Type::kMicroTiming,
                               static_cast<int>(nearest(values.microtimings, micro)), event.time));
            out.back().source = event.source;
        }
    }
    return out;
}

}  // namespace symphony::tokens::miditok
