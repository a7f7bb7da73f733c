// Small pieces made by rule, for tests: four voices in random walks, different for each seed, some
// higher and some lower.
#pragma once

#include "symphony/base/rng.h"
#include "symphony/score/score.h"

#include <algorithm>
#include <string>
#include <vector>

namespace symphony::corpus {

inline constexpr int kMadeTicks = 480;

// `quarters` notes of melody as a random walk inside a scale; below it alto, tenor and bass, each
// walking alone. Parts "Soprano", "Alto", "Tenor", "Bass".
inline score::Score made_piece(std::uint64_t seed, int quarters = 32) {
    static constexpr int kScale[7] = {0, 2, 4, 5, 7, 9, 11};
    const auto pitch_of = [](int degree) { return 12 * (degree / 7) + kScale[degree % 7]; };
    score::Score score;
    score.ticks_per_quarter = kMadeTicks;
    score.meters.push_back({score::Ticks(0), {4, 4}});
    score.keys.push_back({score::Ticks(0), {}});
    const char* names[4] = {"Soprano", "Alto", "Tenor", "Bass"};
    const int middle[4] = {42, 38, 33, 28};  // scale degrees above C-1
    for (int p = 0; p < 4; ++p) {
        base::Rng rng(seed, "made piece", static_cast<std::uint64_t>(p));
        score::Part part;
        part.name = names[p];
        part.program = 52;
        const int centre = middle[p] + static_cast<int>(seed % 5) - 2;
        int degree = centre;
        for (int q = 0; q < quarters;) {
            const int step = static_cast<int>(rng.below(7)) - 3;
            degree = std::clamp(degree + (step == 0 ? 1 : step), centre - 4, centre + 4);
            const int length = rng.below(4) == 0 ? 2 : 1;
            score::Note note;
            note.onset = score::Ticks(q * kMadeTicks);
            note.duration = score::Ticks(std::min(length, quarters - q) * kMadeTicks);
            note.pitch = static_cast<std::uint8_t>(pitch_of(degree));
            note.role = p == 0   ? score::Role::kMelody
                        : p == 3 ? score::Role::kBass
                                 : score::Role::kHarmony;
            part.role = note.role;
            part.notes.push_back(note);
            q += length;
        }
        score.parts.push_back(std::move(part));
    }
    return score;
}

// All notes in one part without a name: the same music on one track.
inline score::Score on_one_track(const score::Score& score) {
    score::Score out = score;
    out.parts.assign(1, {});
    for (const score::Part& part : score.parts)
        out.parts[0].notes.insert(out.parts[0].notes.end(), part.notes.begin(), part.notes.end());
    score::sort_events(out);
    return out;
}

}  // namespace symphony::corpus
