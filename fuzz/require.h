// What the fuzz targets demand of anything read from any bytes; a demand that fails is a finding.
#pragma once

#include "symphony/base/error.h"
#include "symphony/score/score.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace symphony::fuzz {

inline void require(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "not so: %s\n", what);
    std::abort();
}

// A refusal is coded: its message begins with `prefix` ("MID").
inline void require_coded(const base::Error& refusal, std::string_view prefix) {
    require(refusal.kind == base::ErrorKind::kInput, "a refusal blames the input");
    require(std::string_view(refusal.message).substr(0, prefix.size()) == prefix,
            "a refusal has a code");
}

inline void require_sound(const score::Score& score) {
    require(score.ticks_per_quarter >= 1 && score.ticks_per_quarter <= 32767, "resolution");
    score::Ticks at;
    for (const score::Bar& bar : score.bars) {
        require(bar.onset == at && bar.length.value > 0, "bars follow each other");
        at += bar.length;
    }
    for (const score::Part& part : score.parts)
        for (const score::Note& note : part.notes) {
            require(note.onset.value >= 0 && note.duration.value > 0, "time of a note");
            require(note.pitch < score::kPitches, "pitch");
            require(note.velocity >= 1 && note.velocity < 128, "velocity");
        }
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

}  // namespace symphony::fuzz
