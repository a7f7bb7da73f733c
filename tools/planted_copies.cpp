#include "planted_copies.h"

#include "symphony/base/rng.h"
#include "symphony/score/time_map.h"
#include "symphony/score/transform.h"

#include <algorithm>

namespace symphony::tools {
namespace {

using score::Note;
using score::Part;
using score::Score;
using score::Ticks;
using Copy = std::optional<Score>;

constexpr double kJitterSeconds = 0.010;
constexpr double kChangedNotes = 0.05;
constexpr int kTicks = 480;

template <class Change>
Copy with_notes(Score score, Change&& change) {
    for (Part& part : score.parts)
        for (Note& note : part.notes) change(note);
    score.bars.clear();
    score::sort_events(score);
    return score;
}

Copy transposed(const Score& score, std::uint64_t seed) {
    base::Rng rng(seed, "transposed copy");
    for (int tries = 0; tries < 20; ++tries) {
        const int by = static_cast<int>(rng.below(13)) - 6;
        if (by != 0)
            if (auto moved = score::transposed(score, by)) return moved;
    }
    return std::nullopt;
}

Copy merged(const Score& score, std::uint64_t) {
    if (score.parts.size() < 2) return std::nullopt;
    Score out = score;
    out.parts.assign(1, {});
    for (const Part& part : score.parts)
        if (!part.is_drums)
            out.parts[0].notes.insert(out.parts[0].notes.end(), part.notes.begin(),
                                      part.notes.end());
    score::sort_events(out);
    return out;
}

// Every part's notes dealt to an upper and a lower half at its mean pitch.
Copy split_parts(const Score& score, std::uint64_t) {
    Score out = score;
    out.parts.clear();
    for (const Part& part : score.parts) {
        double mean = 0;
        for (const Note& note : part.notes) mean += note.pitch;
        mean /= std::max<double>(1, static_cast<double>(part.notes.size()));
        Part high = part, low = part;
        std::erase_if(high.notes, [&](const Note& note) { return note.pitch < mean; });
        std::erase_if(low.notes, [&](const Note& note) { return note.pitch >= mean; });
        out.parts.push_back(std::move(high));
        out.parts.push_back(std::move(low));
    }
    return out;
}

Copy part_dropped(const Score& score, std::uint64_t seed) {
    std::vector<std::size_t> sounding;
    for (std::size_t i = 0; i < score.parts.size(); ++i)
        if (!score.parts[i].is_drums && !score.parts[i].notes.empty()) sounding.push_back(i);
    if (sounding.size() < 2) return std::nullopt;
    base::Rng rng(seed, "part dropped");
    Score out = score;
    out.parts.erase(out.parts.begin() +
                    static_cast<std::ptrdiff_t>(sounding[rng.below(sounding.size())]));
    return out;
}

Copy rescaled(const Score& score, std::uint64_t) {
    return score::with_resolution(score, score.ticks_per_quarter == 96 ? 120 : 96);
}

// The same notes in half the values, at the same tempo.
Copy twice_as_fast(const Score& score, std::uint64_t) {
    return with_notes(score::with_resolution(score, kTicks), [](Note& note) {
        note.onset.value /= 2;
        note.duration.value = std::max<std::int64_t>(1, note.duration.value / 2);
    });
}

Copy half_as_fast(const Score& score, std::uint64_t) {
    return with_notes(score, [](Note& note) {
        note.onset.value *= 2;
        note.duration.value *= 2;
    });
}

// Onsets and lengths moved each alone, as a good player does, on a fine grid.
Copy jittered(const Score& score, std::uint64_t seed) {
    Score fine = score::with_resolution(score, kTicks);
    const double seconds = score::duration_of(fine).value;
    if (seconds <= 0) return std::nullopt;
    const double ticks = kJitterSeconds * static_cast<double>(fine.end().value) / seconds;
    base::Rng rng(seed, "jitter");
    const auto move = [&] { return static_cast<std::int64_t>((2 * rng.uniform() - 1) * ticks); };
    return with_notes(std::move(fine), [&](Note& note) {
        note.onset.value = std::max<std::int64_t>(0, note.onset.value + move());
        note.duration.value = std::max<std::int64_t>(1, note.duration.value + move());
    });
}

// Off-beat eighths come at two thirds of the beat.
Copy swung(const Score& score, std::uint64_t) {
    const auto swing = [](std::int64_t at) {
        const std::int64_t beat = at / kTicks * kTicks, inside = at - beat;
        return beat + (inside < kTicks / 2 ? inside * 4 / 3
                                           : kTicks * 2 / 3 + (inside - kTicks / 2) * 2 / 3);
    };
    return with_notes(score::with_resolution(score, kTicks), [&](Note& note) {
        const std::int64_t end = swing(note.end().value);
        note.onset.value = swing(note.onset.value);
        note.duration.value = std::max<std::int64_t>(1, end - note.onset.value);
    });
}

Copy quantised(const Score& score, std::uint64_t) { return score::quantised(score, 4); }

Copy staccato(const Score& score, std::uint64_t) {
    return with_notes(score, [](Note& note) {
        note.duration.value = std::max<std::int64_t>(1, note.duration.value / 2);
    });
}

Copy cut(const Score& score, std::size_t first, std::size_t bars) {
    Score out = score::excerpt(score, first, first + bars);
    if (out.note_count() < 16) return std::nullopt;
    return out;
}

// A run of `share` of the bars, at least eight, from a place drawn.
Copy share_of(const Score& score, std::uint64_t seed, std::size_t divisor) {
    const std::size_t all = score::bars_of(score).size(), bars = all / divisor;
    if (bars < 8) return std::nullopt;
    return cut(score, base::Rng(seed, "excerpt").below(all - bars + 1), bars);
}

Copy half(const Score& score, std::uint64_t seed) { return share_of(score, seed, 2); }
Copy quarter(const Score& score, std::uint64_t seed) { return share_of(score, seed, 4); }

Copy sixteen_bars(const Score& score, std::uint64_t seed) {
    constexpr std::size_t kBars = 16;
    const std::size_t all = score::bars_of(score).size();
    if (all < 2 * kBars) return std::nullopt;
    return cut(score, base::Rng(seed, "sixteen bars").below(all - kBars + 1), kBars);
}

// Of the notes, one in forty is dropped and one in forty moved by one or two semitones.
Copy edited(const Score& score, std::uint64_t seed) {
    base::Rng rng(seed, "edited copy");
    Score out = score;
    for (Part& part : out.parts) {
        std::erase_if(part.notes, [&](const Note&) { return rng.uniform() < kChangedNotes / 2; });
        for (Note& note : part.notes)
            if (rng.uniform() < kChangedNotes / 2) {
                const int by = static_cast<int>(rng.below(2)) + 1;
                note.pitch = static_cast<std::uint8_t>(
                    std::clamp(note.pitch + (rng.below(2) == 0 ? by : -by), 0, 127));
            }
    }
    score::sort_events(out);
    return out;
}

// Two changes, one after the other.
template <MakeCopy First, MakeCopy Second>
Copy both(const Score& score, std::uint64_t seed) {
    const Copy once = First(score, seed);
    return once ? Second(*once, seed) : std::nullopt;
}

Copy all_at_once(const Score& score, std::uint64_t seed) {
    return both<both<transposed, edited>, both<half, jittered>>(score, seed);
}

}  // namespace

const std::array<CopyKind, 16> kCopyKinds{{
    {"transposed", transposed},
    {"parts merged into one", merged},
    {"parts split in two", split_parts},
    {"one part dropped", part_dropped},
    {"other resolution", rescaled},
    {"twice as fast", twice_as_fast},
    {"half as fast", half_as_fast},
    {"played: ±10 ms", jittered},
    {"swung eighths", swung},
    {"quantised to sixteenths", quantised},
    {"lengths halved", staccato},
    {"a half of it", half},
    {"a quarter of it", quarter},
    {"16 bars of it", sixteen_bars},
    {"5 % of notes changed", edited},
    {"half, transposed, changed, played", all_at_once},
}};

}  // namespace symphony::tools
