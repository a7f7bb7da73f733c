// Time as MidiTok's words tell it.
#pragma once

#include "symphony/tokens/miditok/timing.h"

#include <algorithm>
#include <cstdint>

namespace symphony::tokens::miditok {

// What a grammar and a decoder have in common.
class WordClock {
  public:
    WordClock(const Config& config, const Values& values);

    // Takes a bar, position, shift, rest or metre; other words are left to the caller.
    void step(Word word);
    // A note until `end`, or an event at the present time: rests are counted from behind it.
    void occupy(std::int64_t end) { busy_ = std::max(busy_, end); }
    // A row's bar and position (octuple).
    void jump(int bar, int position);

    std::int64_t tick() const { return tick_; }
    std::int64_t bar_tick() const { return bar_tick_; }
    int bars_begun() const;
    const BarClock& clock() const { return clock_; }

  private:
    void begin_bar();

    const Config* config_;
    const Values* values_;
    BarClock clock_;
    bool has_bars_ = false, is_pertok_ = false;
    std::int64_t tick_ = 0, bar_tick_ = 0, busy_ = 0;
    std::int64_t bar_ = -1;
};

}  // namespace symphony::tokens::miditok
