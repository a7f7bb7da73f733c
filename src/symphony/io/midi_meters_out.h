// Bars of a score -> time signatures of a MIDI file that put every bar line where it belongs.
#pragma once

#include "symphony/io/midi_time.h"
#include "symphony/score/score.h"

#include <vector>

namespace symphony::io {

struct TimeSignature {
    score::Ticks onset;
    WrittenMeter value;
};

// An upbeat or irregular bar gets a time signature of its own length (and the metre it is notated
// in as `notated`), the bar after it states the metre again. A score without bars and meters gives
// none.
std::vector<TimeSignature> time_signatures_of(const score::Score& score);

}  // namespace symphony::io
