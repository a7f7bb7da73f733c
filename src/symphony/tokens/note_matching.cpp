#include "symphony/tokens/note_matching.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

namespace symphony::tokens {
namespace {

constexpr std::size_t kKinds = 2 * score::kPitches;  // pitches, then drum keys

const score::Note& note_of(const score::Score& score, const TimedNote& timed) {
    return score.parts[timed.part].notes[timed.note];
}

using ByKind = std::array<std::vector<std::size_t>, kKinds>;

ByKind by_kind(const score::Score& score, const std::vector<TimedNote>& notes) {
    ByKind lists;
    for (std::size_t n = 0; n < notes.size(); ++n) {
        const bool drums = score.parts[notes[n].part].is_drums;
        lists[note_of(score, notes[n]).pitch + (drums ? score::kPitches : 0)].push_back(n);
    }
    return lists;
}

// The notes of both, by kind, with the copy's times as they are plus an offset.
struct Pieces {
    const score::Score& source_score;
    const std::vector<TimedNote>& source;
    const score::Score& copy_score;
    const std::vector<TimedNote>& copy;
    double window;
    ByKind sources, copies;
};

// What is to be said for an offset: more matches, then less movement.
struct Candidate {
    NoteMatches matches;
    std::size_t matched = 0;
    double moved = 0;
    bool better_than(const Candidate& other) const {
        return matched != other.matched ? matched > other.matched : moved < other.moved;
    }
};

Candidate match_at(const Pieces& pieces, double offset) {
    struct Pair {
        double distance;
        std::size_t source, copy;
        int instrument;  // 1 where the programs differ
    };
    const auto& [source_score, source, copy_score, copy, window, sources, copies] = pieces;
    Candidate result;
    result.matches = {std::vector<std::ptrdiff_t>(source.size(), -1), offset};
    std::vector<std::ptrdiff_t>& match = result.matches.copies;
    std::vector<bool> taken(copy.size(), false);
    std::vector<Pair> pairs;
    for (std::size_t kind = 0; kind < kKinds; ++kind) {
        pairs.clear();
        std::size_t first = 0, here = 0;
        for (const std::size_t s : sources[kind]) {
            const auto& list = copies[kind];
            const double onset = source[s].onset - offset;
            while (first < list.size() && copy[list[first]].onset < onset - window) ++first;
            while (here < list.size() && copy[list[here]].onset < onset) ++here;
            // The nearest few of a dense run are enough: each has as many rivals.
            constexpr std::size_t kMostOnASide = 32;
            const std::size_t last = std::min(list.size(), here + kMostOnASide);
            for (std::size_t c = std::max(first, here - std::min(here, kMostOnASide));
                 c < last && copy[list[c]].onset <= onset + window; ++c) {
                const bool other = source_score.parts[source[s].part].program !=
                                   copy_score.parts[copy[list[c]].part].program;
                pairs.push_back({std::abs(copy[list[c]].onset - onset), s, list[c], other});
            }
        }
        std::stable_sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) {
            return std::tie(a.distance, a.instrument) < std::tie(b.distance, b.instrument);
        });
        for (const Pair& pair : pairs) {
            if (match[pair.source] >= 0 || taken[pair.copy]) continue;
            match[pair.source] = static_cast<std::ptrdiff_t>(pair.copy);
            taken[pair.copy] = true;
            ++result.matched;
            result.moved += pair.distance;
        }
    }
    return result;
}

// Offsets that are worth trying, 0 first; none nearly as another.
std::vector<double> offsets_of(const Pieces& pieces) {
    std::vector<double> offsets{0};
    if (pieces.source.empty() || pieces.copy.empty()) return offsets;
    const double nearly = pieces.window / 50;
    const auto add = [&](double offset) {
        if (std::none_of(offsets.begin(), offsets.end(),
                         [&](double known) { return std::abs(known - offset) <= nearly; }))
            offsets.push_back(offset);
    };
    add(pieces.source.front().onset - pieces.copy.front().onset);
    // The first of all may be lost; of each pitch, most are not.
    std::map<std::int64_t, std::vector<double>> by_first_of_pitch;
    for (std::size_t kind = 0; kind < kKinds; ++kind)
        if (!pieces.sources[kind].empty() && !pieces.copies[kind].empty()) {
            const double offset = pieces.source[pieces.sources[kind].front()].onset -
                                  pieces.copy[pieces.copies[kind].front()].onset;
            by_first_of_pitch[std::llround(offset / nearly)].push_back(offset);
        }
    const auto commonest = std::max_element(
        by_first_of_pitch.begin(), by_first_of_pitch.end(),
        [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
    if (commonest != by_first_of_pitch.end()) add(commonest->second.front());
    return offsets;
}

}  // namespace

std::vector<TimedNote> timed_notes(const score::Score& score, Clock clock) {
    const score::TimeMap map(score);
    const auto time = [&](score::Ticks at) {
        return clock == Clock::kSeconds ? map.seconds(at).value
                                        : score::to_quarters(at, score.ticks_per_quarter).value;
    };
    std::vector<TimedNote> notes;
    for (std::size_t p = 0; p < score.parts.size(); ++p)
        for (std::size_t n = 0; n < score.parts[p].notes.size(); ++n) {
            const score::Note& note = score.parts[p].notes[n];
            notes.push_back({p, n, time(note.onset), time(note.end())});
        }
    std::stable_sort(notes.begin(), notes.end(),
                     [](const TimedNote& a, const TimedNote& b) { return a.onset < b.onset; });
    return notes;
}

NoteMatches match_notes(const score::Score& source_score, const std::vector<TimedNote>& source,
                        const score::Score& copy_score, const std::vector<TimedNote>& copy,
                        double window) {
    const Pieces pieces{source_score,
                        source,
                        copy_score,
                        copy,
                        window,
                        by_kind(source_score, source),
                        by_kind(copy_score, copy)};
    Candidate best;
    for (const double offset : offsets_of(pieces)) {
        Candidate candidate = match_at(pieces, offset);
        if (best.matches.copies.empty() || candidate.better_than(best)) best = std::move(candidate);
    }
    return std::move(best.matches);
}

}  // namespace symphony::tokens
