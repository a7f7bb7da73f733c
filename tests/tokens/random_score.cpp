#include "tokens/random_score.h"

#include "symphony/base/rng.h"

#include <algorithm>
#include <array>

namespace symphony::tests {
namespace {

using score::Ticks;

constexpr int kTicksPerQuarter = 480;
constexpr std::array<score::Meter, 6> kMeters{{{4, 4}, {3, 4}, {6, 8}, {2, 2}, {5, 8}, {7, 4}}};
constexpr std::array<const char*, 6> kNames{"Violin I", "Violin II", "Viola", "Soprano", "", "Xyz"};

template <class T>
const T& pick(base::Rng& rng, const T* items, std::size_t count) {
    return items[rng.below(count)];
}

void add_bars(score::Score& score, base::Rng& rng) {
    const std::size_t count = 1 + rng.below(24);
    score::Meter meter = pick(rng, kMeters.data(), kMeters.size());
    Ticks at;
    for (std::size_t b = 0; b < count; ++b) {
        if (rng.below(6) == 0) meter = pick(rng, kMeters.data(), kMeters.size());
        std::int64_t length = 4 * kTicksPerQuarter * meter.numerator / meter.denominator;
        if (b == 0 ? rng.below(2) == 0 : rng.below(12) == 0)
            length = kTicksPerQuarter / 4 * static_cast<std::int64_t>(1 + rng.below(9));
        score.bars.push_back({at, Ticks(length), meter});
        at += Ticks(length);
    }
}

void tidy(score::Part& part) {
    std::sort(part.notes.begin(), part.notes.end());
    std::array<Ticks, score::kPitches> end{};
    std::vector<score::Note> kept;
    for (const score::Note& note : part.notes) {
        if (note.onset < end[note.pitch]) continue;
        end[note.pitch] = note.end();
        kept.push_back(note);
    }
    part.notes = std::move(kept);
}

void add_notes(score::Part& part, base::Rng& rng, Ticks end, std::int64_t unit) {
    const std::size_t count = rng.below(40);
    const auto last = static_cast<std::uint64_t>(end.value / unit);
    const std::uint64_t centre = part.is_drums ? 36 : 40 + rng.below(40);
    for (std::size_t n = 0; n < count; ++n) {
        const std::uint64_t onset = rng.below(last);
        const std::uint64_t longest =
            std::min<std::uint64_t>(last - onset, rng.below(8) ? 32 : 400);
        score::Note note;
        note.onset = Ticks(static_cast<std::int64_t>(onset) * unit);
        note.duration = Ticks(static_cast<std::int64_t>(1 + rng.below(longest)) * unit);
        note.pitch = static_cast<std::uint8_t>(centre + rng.below(10));
        note.velocity = static_cast<std::uint8_t>(40 + 8 * rng.below(8));
        part.notes.push_back(note);
    }
}

}  // namespace

score::Score random_score(std::uint64_t seed, const RandomScoreOptions& options) {
    base::Rng rng(seed, "random score");
    score::Score score;
    score.ticks_per_quarter = kTicksPerQuarter;
    add_bars(score, rng);
    const Ticks end = score.bars.back().onset + score.bars.back().length;
    // On the grid of 24: multiples of 20 ticks; of 12: of 40.
    const std::int64_t unit = options.tidy ? 40 : 7;
    const std::size_t parts = 1 + rng.below(5);
    for (std::size_t p = 0; p < parts; ++p) {
        score::Part part;
        part.is_drums = options.drums && rng.below(5) == 0;
        part.name = part.is_drums ? "Drums" : pick(rng, kNames.data(), kNames.size());
        part.program = static_cast<std::uint8_t>(part.is_drums ? 0 : 40 + rng.below(3));
        part.role =
            part.is_drums ? score::Role::kDrums : static_cast<score::Role>(1 + rng.below(3));
        add_notes(part, rng, end, unit);
        if (options.tidy) tidy(part);
        std::sort(part.notes.begin(), part.notes.end());
        score.parts.push_back(std::move(part));
    }
    const auto somewhere = [&] {
        return Ticks(
            static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(end.value / unit))) *
            unit);
    };
    if (rng.below(4) != 0) {
        score.keys.push_back({Ticks(0), {static_cast<std::int8_t>(rng.below(15)), false}});
        score.keys.back().key.sharps = static_cast<std::int8_t>(score.keys[0].key.sharps - 7);
        score.keys.push_back({somewhere(), {3, true}});
    }
    for (std::uint64_t t = rng.below(4); t > 0; --t)
        score.tempos.push_back(
            {t == 1 ? Ticks(0) : somewhere(), 60.0 + 20.0 * static_cast<double>(t)});
    for (std::uint64_t p = rng.below(4); p > 0; --p) score.phrases.push_back({somewhere()});
    score::sort_events(score);
    return score;
}

std::vector<score::Score> random_scores(int count, const RandomScoreOptions& options) {
    std::vector<score::Score> scores;
    for (int seed = 0; seed < count; ++seed)
        scores.push_back(random_score(static_cast<std::uint64_t>(seed), options));
    return scores;
}

}  // namespace symphony::tests
