#include "symphony/corpus/lines.h"

#include "symphony/score/time_map.h"

#include <algorithm>
#include <array>

namespace symphony::corpus {
namespace {

constexpr double kTogetherSeconds = 0.03;
constexpr int kTogetherPerQuarter = 12;
// A note covers those inside it for this part of its length: players let go early or late.
constexpr std::int64_t kCoverNumerator = 7, kCoverDenominator = 8;

}  // namespace

Line edge_line(const std::vector<score::Note>& notes, Edge edge, score::Ticks together) {
    Line line;
    // Until when a note of each pitch covers what lies inside it; pitches count from the outside.
    std::array<std::int64_t, score::kPitches> covered_until{};
    const auto depth = [edge](const score::Note& note) {
        return edge == Edge::kTop ? score::kPitches - 1 - note.pitch : int{note.pitch};
    };
    for (std::size_t begin = 0; begin < notes.size();) {
        std::size_t end = begin, outermost = begin;
        for (; end < notes.size() && notes[end].onset <= notes[begin].onset + together; ++end)
            if (depth(notes[end]) < depth(notes[outermost])) outermost = end;
        const score::Note& note = notes[outermost];
        const bool covered =
            std::any_of(covered_until.begin(), covered_until.begin() + depth(note),
                        [&](std::int64_t until) { return until > note.onset.value; });
        if (!covered) line.push_back({note.onset, note.pitch});
        for (; begin < end; ++begin) {
            std::int64_t& until = covered_until[static_cast<std::size_t>(depth(notes[begin]))];
            until =
                std::max(until, notes[begin].onset.value + notes[begin].duration.value *
                                                               kCoverNumerator / kCoverDenominator);
        }
    }
    return line;
}

score::Ticks togetherness(const score::Score& score) {
    const std::int64_t most = score.ticks_per_quarter / kTogetherPerQuarter;
    const double seconds = score::duration_of(score).value;
    if (seconds <= 0) return score::Ticks(most);
    const double ticks = kTogetherSeconds * static_cast<double>(score.end().value) / seconds;
    return score::Ticks(static_cast<std::int64_t>(std::min(static_cast<double>(most), ticks)));
}

}  // namespace symphony::corpus
