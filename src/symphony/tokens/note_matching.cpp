#include "symphony/tokens/note_matching.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

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
    const double first = notes.empty() ? 0 : notes.front().onset;
    for (TimedNote& note : notes) {
        note.onset -= first;
        note.end -= first;
    }
    return notes;
}

double length_error(const score::Score& a, const score::Score& b, Clock clock) {
    const auto notes_a = timed_notes(a, clock), notes_b = timed_notes(b, clock);
    if (notes_a.empty() || notes_b.empty()) return 0;
    const double length_a = notes_a.back().onset, length_b = notes_b.back().onset;
    return length_a <= 0 || length_b <= 0 ? 0 : std::abs(std::log(length_b / length_a));
}

std::vector<std::ptrdiff_t> match_notes(const score::Score& source_score,
                                        const std::vector<TimedNote>& source,
                                        const score::Score& copy_score,
                                        const std::vector<TimedNote>& copy, double window) {
    struct Pair {
        double distance;
        std::size_t source, copy;
        int instrument;  // 1 where the programs differ
    };
    std::vector<std::ptrdiff_t> match(source.size(), -1);
    std::vector<bool> taken(copy.size(), false);
    const ByKind sources = by_kind(source_score, source), copies = by_kind(copy_score, copy);
    std::vector<Pair> pairs;
    for (std::size_t kind = 0; kind < kKinds; ++kind) {
        pairs.clear();
        std::size_t first = 0;
        for (const std::size_t s : sources[kind]) {
            const auto& list = copies[kind];
            while (first < list.size() && copy[list[first]].onset < source[s].onset - window)
                ++first;
            // The nearest few of a dense run are enough: each has as many rivals.
            constexpr std::size_t kMostCandidates = 64;
            for (std::size_t c = first; c < std::min(list.size(), first + kMostCandidates) &&
                                        copy[list[c]].onset <= source[s].onset + window;
                 ++c) {
                const bool other = source_score.parts[source[s].part].program !=
                                   copy_score.parts[copy[list[c]].part].program;
                pairs.push_back(
                    {std::abs(copy[list[c]].onset - source[s].onset), s, list[c], other});
            }
        }
        std::stable_sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) {
            return std::tie(a.distance, a.instrument) < std::tie(b.distance, b.instrument);
        });
        for (const Pair& pair : pairs) {
            if (match[pair.source] >= 0 || taken[pair.copy]) continue;
            match[pair.source] = static_cast<std::ptrdiff_t>(pair.copy);
            taken[pair.copy] = true;
        }
    }
    return match;
}

}  // namespace symphony::tokens
