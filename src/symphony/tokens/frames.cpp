#include "symphony/tokens/frames.h"

#include "symphony/base/error.h"

#include <cmath>

namespace symphony::tokens {
namespace {

bool is_key(int pitch) { return pitch >= kLowestKey && pitch < kLowestKey + kKeys; }

}  // namespace

FrameRoll frame_roll(const score::Score& score, int steps_per_quarter) {
    FrameRoll roll;
    roll.steps_per_quarter = steps_per_quarter;
    // The first step at or after a tick.
    const auto step_at = [&](score::Ticks at) {
        return static_cast<std::size_t>(
            (at.value * steps_per_quarter + score.ticks_per_quarter - 1) / score.ticks_per_quarter);
    };
    for (const score::Part& part : score.parts) {
        for (const score::Note& note : part.notes) {
            if (part.is_drums || !is_key(note.pitch)) {
                ++roll.losses[part.is_drums ? "drums-dropped" : "pitch-dropped"];
                continue;
            }
            const std::size_t begin = step_at(note.onset), end = step_at(note.end());
            if (begin == end) {
                ++roll.losses["note-dropped"];
                continue;
            }
            if (roll.frames.size() < end) roll.frames.resize(end);
            const auto key = static_cast<std::size_t>(note.pitch - kLowestKey);
            if (roll.frames[begin].test(key)) ++roll.losses["unison-merged"];
            for (std::size_t f = begin; f < end; ++f) roll.frames[f].set(key);
        }
    }
    return roll;
}

score::Score to_score(const FrameRoll& roll) {
    score::Score score;
    score.ticks_per_quarter = roll.steps_per_quarter;
    score::Part part;
    part.name = "Piano";
    for (std::size_t key = 0; key < kKeys; ++key) {
        for (std::size_t f = 0; f < roll.frames.size(); ++f) {
            if (!roll.frames[f].test(key)) continue;
            const std::size_t begin = f;
            while (f + 1 < roll.frames.size() && roll.frames[f + 1].test(key)) ++f;
            part.notes.push_back(
                {.onset = score::Ticks(static_cast<std::int64_t>(begin)),
                 .duration = score::Ticks(static_cast<std::int64_t>(f - begin + 1)),
                 .pitch = static_cast<std::uint8_t>(kLowestKey + key)});
        }
    }
    score.parts.push_back(std::move(part));
    score::sort_events(score);
    return score;
}

FrameSet frame_set_from_json(const base::Json& json, const std::string& path) {
    const auto pieces_of = [&](const char* split) {
        std::vector<std::vector<Frame>> pieces;
        for (const base::Json& piece : json.at(split)) {
            std::vector<Frame>& frames = pieces.emplace_back();
            for (const base::Json& pitches : piece) {
                Frame& frame = frames.emplace_back();
                for (const base::Json& value : pitches) {
                    const int pitch = value.get<int>();
                    if (pitch < 0) continue;
                    if (!is_key(pitch))
                        throw base::Error(base::ErrorKind::kInput,
                                          "pitch " + std::to_string(pitch) +
                                              " is no key of a piano, expected 21 to 108",
                                          path);
                    frame.set(static_cast<std::size_t>(pitch - kLowestKey));
                }
            }
        }
        return pieces;
    };
    try {
        return {pieces_of("train"), pieces_of("valid"), pieces_of("test")};
    } catch (const base::Json::exception& e) {
        throw base::Error(
            base::ErrorKind::kInput,
            std::string("expected {train, valid, test}: pieces > frames > pitches, ") + e.what(),
            path);
    }
}

double log_likelihood(const Frame& frame, std::span<const double> probabilities) {
    double sum = 0;
    for (std::size_t key = 0; key < kKeys; ++key)
        sum += frame.test(key) ? std::log(probabilities[key]) : std::log1p(-probabilities[key]);
    return sum;
}

}  // namespace symphony::tokens
