// Small scores by hand, in quarters.
#pragma once

#include "symphony/score/score.h"

#include <vector>

namespace symphony::evaluate::testing {

inline constexpr int kTicksPerQuarter = 24;

struct PlainNote {
    double onset, length;  // quarters
    int pitch;
};

inline score::Part part_of(const std::vector<PlainNote>& notes) {
    score::Part part;
    for (const PlainNote& plain : notes) {
        score::Note note;
        note.onset = score::Ticks(static_cast<std::int64_t>(plain.onset * kTicksPerQuarter));
        note.duration = score::Ticks(static_cast<std::int64_t>(plain.length * kTicksPerQuarter));
        note.pitch = static_cast<std::uint8_t>(plain.pitch);
        part.notes.push_back(note);
    }
    return part;
}

inline score::Score score_of(const std::vector<std::vector<PlainNote>>& parts,
                             score::Meter meter = {4, 4}) {
    score::Score score;
    score.ticks_per_quarter = kTicksPerQuarter;
    score.meters.push_back({score::Ticks(0), meter});
    for (const auto& notes : parts) score.parts.push_back(part_of(notes));
    return score;
}

}  // namespace symphony::evaluate::testing
