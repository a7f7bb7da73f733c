// Where a bar divides: its halves or groups, beats, and the halves of beats. Source: the usual
// rules of engraving (E. Gould, "Behind Bars", 2011, "Metre").
#pragma once

#include "symphony/score/score.h"

#include <cstdint>
#include <vector>

namespace symphony::io::musicxml {

// Positions are kUnits from the first beat; a bar that lacks its beginning (an upbeat) starts
// later.
class BeatTree {
  public:
    explicit BeatTree(score::Meter meter);

    // 0 at a bar line, 1 at a half or group of the bar, 2 at a beat, 3 at half a beat, ...
    int level(std::int64_t at) const;
    // The strongest division strictly between the two, the first of equals; `to` if there is none.
    std::int64_t strongest_between(std::int64_t from, std::int64_t to) const;
    // The start of the next beamed group after `at`.
    std::int64_t next_group(std::int64_t at) const;
    bool is_compound() const { return is_compound_; }
    std::int64_t bar() const { return bar_; }

  private:
    std::int64_t bar_;
    std::int64_t beat_;                  // a unit of the denominator, three in compound metres
    std::int64_t group_beat_;            // what beams span
    std::vector<std::int64_t> groups_;   // inside the bar, without its ends
    std::vector<std::int64_t> periods_;  // of the levels from 2 on
    bool is_compound_ = false;
};

}  // namespace symphony::io::musicxml
