#include "symphony/tokens/miditok/word_clock.h"

namespace symphony::tokens::miditok {

WordClock::WordClock(const Config& config, const Values& values)
    : config_(&config),
      values_(&values),
      clock_({}, values.ticks_per_quarter, config.positions_per_beat()),
      has_bars_(config.spelling() == Scheme::kRemi || config.has_rows()),
      is_pertok_(config.spelling() == Scheme::kPerTok) {}

void WordClock::begin_bar() {
    ++bar_;
    if (is_pertok_ || bar_ > 0) bar_tick_ += clock_.bar;
    tick_ = bar_tick_;
}

void WordClock::step(Word word) {
    switch (word.type) {
        case Type::kBar:
            if (word.value != kBarEnd) begin_bar();
            return;
        case Type::kPosition:
            if (!is_pertok_ && bar_ < 0) bar_ = 0;
            tick_ = bar_tick_ + word.value * (is_pertok_ ? 1 : clock_.position);
            return;
        case Type::kTimeShift:
            if (word.value != kNone)
                tick_ += values_->duration_ticks(
                    is_pertok_ ? values_->ticks_per_quarter
                               : clock_.beat)[static_cast<std::size_t>(word.value)];
            return;
        case Type::kRest: {
            tick_ = std::max(busy_, tick_) +
                    values_->rest_ticks(clock_.beat)[static_cast<std::size_t>(word.value)];
            if (!has_bars_) return;
            const std::int64_t bar = clock_.bar_at(tick_);
            if (bar <= bar_) return;
            if (bar_ == -1) bar_ = 0;
            bar_tick_ += (bar - bar_) * clock_.bar;
            bar_ = bar;
            return;
        }
        case Type::kTimeSig: {
            const Meter meter = meter_of(word.value);
            if (is_pertok_) {
                // As in MidiTok: d / 4 * n quarters.
                clock_.set(meter);
                clock_.bar = std::max<std::int64_t>(
                    1, clock_.quarter * meter.denominator * meter.numerator / 4);
                return;
            }
            if (!has_bars_) {
                clock_.change(meter, tick_);
            } else if (meter != clock_.meter) {
                clock_.change_bar = std::max<std::int64_t>(0, bar_);
                clock_.change_tick = bar_tick_;
                clock_.set(meter);
            }
            occupy(tick_);
            return;
        }
        default:
            return;
    }
}

void WordClock::jump(int bar, int position) {
    bar_ = bar;
    bar_tick_ = clock_.change_tick + (bar - clock_.change_bar) * clock_.bar;
    tick_ = bar_tick_ + position * clock_.position;
}

int WordClock::bars_begun() const {
    if (is_pertok_) return static_cast<int>(bar_) + 2;
    if (has_bars_) return static_cast<int>(bar_) + 1;
    return tick_ == 0 ? 1 : static_cast<int>(clock_.bar_at(tick_)) + 1;
}

}  // namespace symphony::tokens::miditok
