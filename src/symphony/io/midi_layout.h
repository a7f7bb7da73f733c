// Where each part of a score goes in a MIDI file: port, channel and place between the loudspeakers.
// Source: own; General MIDI Level 1 (channel 10 is drums).
#pragma once

#include "symphony/base/result.h"
#include "symphony/score/score.h"

#include <cstdint>
#include <vector>

namespace symphony::io {

struct PartPlace {
    std::uint8_t port = 0;     // 0..127
    std::uint8_t channel = 0;  // 0..15
    std::uint8_t pan = 64;     // 0 left, 64 centre, 127 right
};

// One place for each part. A part keeps the channel its source gave it; parts of the source that
// shared a channel, program and settings go on sharing it. The others get channels of their own,
// drums always channel 10 (index 9), pitched parts never; what does not fit in 15 pitched channels
// goes to further ports. Pan: the part's own CC10 at tick 0; else bass and drums in the centre,
// melody near it, harmony spread; four voices from left to right.
// Error (kInput) for more pitched parts than 128 ports hold.
base::Result<std::vector<PartPlace>> place_in_midi(const score::Score& score);

// The value of `controller` that the part sets at tick 0 (the last one there), or -1.
int initial_control(const score::Part& part, std::uint8_t controller);

}  // namespace symphony::io
