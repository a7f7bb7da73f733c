// Two versions of Symphony measured in turns: which of their speeds differ by more than noise. Own.
#pragma once

#include "symphony/base/json.h"

#include <cstddef>
#include <string>
#include <vector>

namespace symphony::bench {

// What `symphony bench --json` of each printed, one right after the other.
struct SpeedRound {
    base::Json ours, theirs;
};

struct SpeedChange {
    std::string what;  // "models tf10m bf16 training_tokens_per_second"
    double ratio = 1;  // median over the rounds: how many times as fast as theirs ours is
    // Half the width of that median's 95 % interval, from the median absolute deviation and
    // Student's t, as a factor; at least kLeastNoise.
    double noise = 1;

    bool is_slower() const { return ratio * noise < 1; }
    bool is_faster() const { return ratio > noise; }
    base::Json to_json() const;
    std::string to_text() const;
};

inline constexpr double kLeastNoise = 1.02;  // less is not told from another layout of the code

inline constexpr std::size_t kFewestRounds = 3;

// Nothing if there are fewer rounds. Every rate ("..._per_second") and, in objects without one,
// every time ("...seconds") that all reports have. Peers are left out: they are the same program in
// both.
std::vector<SpeedChange> compare_speeds(const std::vector<SpeedRound>& rounds);

}  // namespace symphony::bench
