// A piece with a copy in it, for tests.
#pragma once

#include "corpus/made_scores.h"

#include <cstdint>

namespace symphony::corpus {

// Bars 5 to 8 of the soprano of made_piece(8, 64) at bar 3 of another piece's soprano, moved and at
// another speed.
struct Planted {
    score::Score score = made_piece(90, 64);
    std::size_t notes = 0;

    explicit Planted(int semitones = 0, int speed_numerator = 1, int speed_denominator = 1) {
        const score::Score source = made_piece(8, 64);
        auto& notes_here = score.parts[0].notes;
        const std::int64_t bar = 4 * kMadeTicks, begin = 2 * bar, length = 4 * bar;
        const auto moved = [&](score::Ticks at) {
            return score::Ticks(begin + (at.value - 4 * bar) * speed_denominator / speed_numerator);
        };
        std::erase_if(notes_here, [&](const score::Note& note) {
            return note.end().value > begin &&
                   note.onset.value < begin + length * speed_denominator / speed_numerator;
        });
        for (score::Note note : source.parts[0].notes) {
            if (note.onset.value < 4 * bar || note.onset.value >= 4 * bar + length) continue;
            note.duration = moved(note.end()) - moved(note.onset);
            note.onset = moved(note.onset);
            note.pitch = static_cast<std::uint8_t>(note.pitch + semitones);
            notes_here.push_back(note);
            ++notes;
        }
        score::sort_events(score);
    }
};

}  // namespace symphony::corpus
