// A small four-voice piece with an upbeat, for tests of what is drawn.
#pragma once

#include "symphony/score/score.h"

namespace symphony::view {

inline score::Score four_voices(int bars = 4) {
    using score::Role;
    using score::Ticks;
    score::Score score;
    score.ticks_per_quarter = 4;
    score.title = "A <b>small</b> & \"quoted\" piece";
    score.meters = {{Ticks(0), {4, 4}}};
    score.keys = {{Ticks(0), {-1, true}}};
    score.tempos = {{Ticks(0), 76}};
    score.bars.push_back({Ticks(0), Ticks(4), {4, 4}});
    for (int bar = 0; bar < bars; ++bar)
        score.bars.push_back({Ticks(4 + 16 * bar), Ticks(16), {4, 4}});
    const char* names[] = {"Soprano", "Alto", "Tenor", "Bass"};
    const Role roles[] = {Role::kMelody, Role::kHarmony, Role::kHarmony, Role::kBass};
    const int start[] = {74, 69, 62, 50};
    for (int voice = 0; voice < 4; ++voice) {
        score::Part part;
        part.name = names[voice];
        part.role = roles[voice];
        for (int beat = 0; beat < 1 + 4 * bars; ++beat)
            part.notes.push_back(
                {Ticks(4 * beat), Ticks(4),
                 static_cast<std::uint8_t>(start[voice] + (beat * (voice + 2)) % 5), 80, 0,
                 roles[voice]});
        score.parts.push_back(part);
    }
    return score;
}

}  // namespace symphony::view
