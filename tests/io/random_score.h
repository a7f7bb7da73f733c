// Scores drawn at random, with everything that a MIDI file can hold: for round trips and mutants.
#pragma once

#include "symphony/base/rng.h"
#include "symphony/score/score.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace symphony::io::test {

class RandomScore {
  public:
    RandomScore(std::uint64_t seed, std::uint64_t index) : rng_(seed, "random-score", index) {}

    // A few parts over up to `bars` bars, an upbeat and irregular bars among them.
    score::Score make(int bars = 12) {
        score::Score score;
        constexpr int kResolutions[] = {24, 96, 384, 480, 960, 32767};
        score.ticks_per_quarter = kResolutions[below(6)];
        if (chance(2)) score.title = "Title " + std::to_string(below(100)) + " \xC3\xA9";
        if (chance(2)) score.composer = "Composer";
        set_bars(score, bars);
        const std::int64_t end = (score.bars.back().onset + score.bars.back().length).value;
        const int parts = 1 + below(chance(8) ? 24 : 5);
        for (int i = 0; i < parts; ++i) score.parts.push_back(part(i, end));
        // The bars of a MIDI file reach as far as its notes.
        score.parts[0].notes.push_back(
            {.onset = score::Ticks(end - 1), .duration = score::Ticks(1), .pitch = 127});
        for (std::int64_t at = 0; at < end; at += 1 + below(static_cast<int>(end)))
            score.tempos.push_back({score::Ticks(at), 20.0 + below(2800) / 10.0});
        for (std::int64_t at = 0; at < end; at += 1 + below(static_cast<int>(end)))
            score.keys.push_back(
                {score::Ticks(at), {static_cast<std::int8_t>(below(15) - 7), chance(2)}});
        texts(score.texts, end);
        drop_repeats(score);
        score::sort_events(score);
        return score;
    }

  private:
    int below(int n) { return static_cast<int>(rng_.below(static_cast<std::uint64_t>(n))); }
    bool chance(int one_in) { return below(one_in) == 0; }

    void set_bars(score::Score& score, int bars) {
        const std::int64_t whole = std::int64_t{4} * score.ticks_per_quarter;
        score::Meter meter{4, 4};
        std::int64_t at = 0;
        for (int i = 0; i < bars; ++i) {
            if (i == 0 || chance(5))
                meter = {static_cast<std::uint8_t>(2 + below(8)),
                         static_cast<std::uint8_t>(chance(2) ? 4 : 8)};
            if (score.meters.empty() || score.meters.back().meter != meter)
                score.meters.push_back({score::Ticks(at), meter});
            std::int64_t length = whole * meter.numerator / meter.denominator;
            if (chance(6) || (i == 0 && chance(2)))  // an upbeat or an irregular bar
                length = chance(3) ? 1 + below(static_cast<int>(length))
                                   : whole * (1 + below(meter.numerator)) / meter.denominator;
            score.bars.push_back({score::Ticks(at), score::Ticks(length), meter});
            at += length;
        }
    }

    score::Part part(int index, std::int64_t end) {
        score::Part part;
        if (!chance(4)) part.name = "Part " + std::to_string(index);
        part.is_drums = chance(6);
        part.program = static_cast<std::uint8_t>(below(128));
        if (chance(4)) part.bank = static_cast<std::uint16_t>(below(119 * 128));
        if (index < 9) part.channel = static_cast<std::uint8_t>(part.is_drums ? 9 : index);
        const int notes = 1 + below(40);
        std::int64_t busy_until[score::kPitches] = {};
        std::int64_t at = 0;
        for (int i = 0; i < notes; ++i) {
            if (!chance(3)) at += below(static_cast<int>(end / 8 + 1));
            // 127 is kept for the note that ends the piece.
            const auto pitch = static_cast<std::uint8_t>(below(127));
            const std::int64_t length = 1 + below(static_cast<int>(end / 4 + 1));
            if (at + length > end || busy_until[pitch] > at) continue;
            busy_until[pitch] = at + length;
            part.notes.push_back({.onset = score::Ticks(at),
                                  .duration = score::Ticks(length),
                                  .pitch = pitch,
                                  .velocity = static_cast<std::uint8_t>(1 + below(127))});
        }
        if (part.notes.empty())
            part.notes.push_back({.onset = score::Ticks(0), .duration = score::Ticks(1)});
        for (const int controller : {7, 10, 11})
            part.controls.push_back({score::Ticks(0), static_cast<std::uint8_t>(controller),
                                     static_cast<std::uint8_t>(below(128))});
        for (int i = below(6); i > 0; --i)
            part.controls.push_back({score::Ticks(below(static_cast<int>(end)) + 1),
                                     static_cast<std::uint8_t>(chance(2) ? 64 : 1 + below(31)),
                                     static_cast<std::uint8_t>(below(128))});
        for (int i = below(4); i > 0; --i)
            part.bends.push_back({score::Ticks(below(static_cast<int>(end))),
                                  static_cast<std::int16_t>(below(16384) - 8192)});
        // A change before the first note would be the part's own program.
        for (int i = chance(4) ? below(3) : 0; i > 0; --i)
            part.programs.push_back(
                {score::Ticks(part.notes.front().onset.value + 1 + below(static_cast<int>(end))),
                 static_cast<std::uint8_t>(below(128)), static_cast<std::uint16_t>(below(16384))});
        if (chance(3)) texts(part.texts, end);
        return part;
    }

    void texts(std::vector<score::Text>& texts, std::int64_t end) {
        for (int i = below(4); i > 0; --i)
            texts.push_back({score::Ticks(below(static_cast<int>(end))),
                             static_cast<score::TextKind>(below(5)),
                             "text " + std::to_string(below(1000))});
    }

    // Lists of changes hold changes only.
    static void drop_repeats(score::Score& score) {
        const auto same_tempo = [](const score::TempoChange& a, const score::TempoChange& b) {
            return a.quarters_per_minute == b.quarters_per_minute;
        };
        const auto same_key = [](const score::KeyChange& a, const score::KeyChange& b) {
            return a.key == b.key;
        };
        score.tempos.erase(std::unique(score.tempos.begin(), score.tempos.end(), same_tempo),
                           score.tempos.end());
        score.keys.erase(std::unique(score.keys.begin(), score.keys.end(), same_key),
                         score.keys.end());
    }

    base::Rng rng_;
};

}  // namespace symphony::io::test
