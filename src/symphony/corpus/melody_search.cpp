#include "symphony/corpus/melody_search.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cmath>
#include <cstdlib>
#include <tuple>

namespace symphony::corpus {
namespace {

// Costs in twentieths of a motif note. An added note is an ornament and cheap; a note a step off is
// another mode, a tonal answer or a slip.
constexpr int kNoteCost = 20, kMissing = 16, kAdded = 6, kStepOff = 10;
// What the rhythm can take off the likeness.
constexpr double kRhythmWeight = 0.25;

int substitution(int motif_pitch, int line_pitch) {
    const int off = std::abs(motif_pitch - line_pitch);
    return off == 0 ? 0 : off <= 2 ? kStepOff : kNoteCost;
}

// A stretch [begin, end) of a line, and what it costs to make the motif of it.
struct Stretch {
    std::size_t begin = 0, end = 0;
    int cost = 0;
};

// The cheapest stretches that end at each note of the line, where they cost at most `most`; of runs
// of such ends only the cheapest.
std::vector<Stretch> cheap_stretches(const Line& line, const std::vector<int>& pitches,
                                     int transposition, int most) {
    struct Cell {
        int cost;
        std::size_t begin;
    };
    const std::size_t notes = pitches.size();
    std::vector<Cell> column(notes + 1);
    for (std::size_t i = 0; i <= notes; ++i) column[i] = {static_cast<int>(i) * kMissing, 0};
    std::vector<Stretch> found;
    for (std::size_t j = 0; j < line.size(); ++j) {
        Cell diagonal = column[0];
        column[0] = {0, j + 1};
        for (std::size_t i = 1; i <= notes; ++i) {
            const Cell left = column[i];
            Cell best{diagonal.cost + substitution(pitches[i - 1] + transposition, line[j].pitch),
                      diagonal.begin};
            // Nothing is added before the first note or after the last.
            if (i < notes && left.cost + kAdded < best.cost)
                best = {left.cost + kAdded, left.begin};
            if (column[i - 1].cost + kMissing < best.cost)
                best = {column[i - 1].cost + kMissing, column[i - 1].begin};
            diagonal = left;
            column[i] = best;
        }
        const Cell& whole = column[notes];
        if (whole.cost > most) continue;
        const Stretch here{whole.begin, j + 1, whole.cost};
        if (here.begin >= here.end) continue;
        if (!found.empty() && found.back().end > here.begin) {
            if (here.cost < found.back().cost) found.back() = here;
        } else {
            found.push_back(here);
        }
    }
    return found;
}

// For each motif note the note of the line it became, or none (npos), by the cheapest alignment.
constexpr std::size_t kNone = static_cast<std::size_t>(-1);
std::vector<std::size_t> aligned(const Line& line, const Stretch& stretch,
                                 const std::vector<int>& pitches, int transposition) {
    const std::size_t rows = pitches.size() + 1, columns = stretch.end - stretch.begin + 1;
    std::vector<int> cost(rows * columns);
    const auto at = [&](std::size_t i, std::size_t j) -> int& { return cost[i * columns + j]; };
    const auto match = [&](std::size_t i, std::size_t j) {
        return at(i - 1, j - 1) +
               substitution(pitches[i - 1] + transposition, line[stretch.begin + j - 1].pitch);
    };
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t j = 0; j < columns; ++j) {
            if (i == 0 || j == 0)
                at(i, j) = static_cast<int>(i) * kMissing + static_cast<int>(j) * kAdded;
            else
                at(i, j) = std::min({match(i, j), at(i - 1, j) + kMissing, at(i, j - 1) + kAdded});
        }
    std::vector<std::size_t> became(pitches.size(), kNone);
    for (std::size_t i = rows - 1, j = columns - 1; i > 0 && j > 0;) {
        if (at(i, j) == match(i, j)) {
            became[--i] = stretch.begin + --j;
        } else if (at(i, j) == at(i - 1, j) + kMissing) {
            --i;
        } else {
            --j;
        }
    }
    return became;
}

// How alike the proportions of times are, 0..1, and how much faster the line is.
struct RhythmLikeness {
    double likeness = 1, speed = 1;
};
RhythmLikeness compare_rhythm(const Line& line, const std::vector<std::size_t>& became,
                              const std::vector<double>& onsets, int ticks_per_quarter) {
    std::vector<double> octaves;  // log2 of how much slower each step is
    std::size_t before = kNone;
    for (std::size_t i = 0; i < became.size(); ++i) {
        if (became[i] == kNone) continue;
        if (before != kNone) {
            const double motif = onsets[i] - onsets[before];
            const double here =
                static_cast<double>((line[became[i]].onset - line[became[before]].onset).value) /
                ticks_per_quarter;
            if (motif > 0 && here > 0) octaves.push_back(std::log2(here / motif));
        }
        before = i;
    }
    if (octaves.empty()) return {};
    const auto middle = octaves.begin() + static_cast<std::ptrdiff_t>(octaves.size() / 2);
    std::nth_element(octaves.begin(), middle, octaves.end());
    const double median = *middle;
    double off = 0;
    for (const double octave : octaves) off += std::min(1.0, std::abs(octave - median));
    return {1 - off / static_cast<double>(octaves.size()), std::exp2(-median)};
}

// Places in one line, added to `places` without part and bar.
void find_in_line(const Line& line, const Motif& motif, int ticks_per_quarter, double at_least,
                  std::vector<MelodyPlace>& places) {
    if (line.empty()) return;
    std::bitset<score::kPitches> heard;
    for (const LineNote& note : line) heard.set(note.pitch);
    const int full = static_cast<int>(motif.pitches.size()) * kNoteCost;
    const int most = static_cast<int>((1 - at_least) * full);
    const auto [low, high] = std::minmax_element(motif.pitches.begin(), motif.pitches.end());
    for (int t = -*high; t < score::kPitches - *low; ++t) {
        // A note whose pitch is not in the line at all costs at least as much as a step off.
        const auto absent = std::count_if(motif.pitches.begin(), motif.pitches.end(), [&](int p) {
            return p + t < 0 || p + t >= score::kPitches || !heard[static_cast<std::size_t>(p + t)];
        });
        if (static_cast<int>(absent) * kStepOff > most) continue;
        for (const Stretch& stretch : cheap_stretches(line, motif.pitches, t, most)) {
            MelodyPlace place{.onset = line[stretch.begin].onset,
                              .end = line[stretch.end - 1].onset,
                              .transposition = t};
            place.likeness = 1 - static_cast<double>(stretch.cost) / full;
            if (!motif.onsets.empty()) {
                const RhythmLikeness rhythm =
                    compare_rhythm(line, aligned(line, stretch, motif.pitches, t), motif.onsets,
                                   ticks_per_quarter);
                place.likeness *= 1 - kRhythmWeight * (1 - rhythm.likeness);
                place.speed = rhythm.speed;
            }
            if (place.likeness >= at_least) places.push_back(place);
        }
    }
}

void sort_best_first(std::vector<MelodyPlace>& places) {
    std::sort(places.begin(), places.end(), [](const MelodyPlace& a, const MelodyPlace& b) {
        if (a.likeness != b.likeness) return a.likeness > b.likeness;
        const auto rank = [](const MelodyPlace& place) {
            return std::tuple(std::abs(std::log2(place.speed)), place.onset, place.part,
                              std::abs(place.transposition), place.transposition);
        };
        return rank(a) < rank(b);
    });
}

// Keeps the best of those that overlap.
std::vector<MelodyPlace> without_overlaps(std::vector<MelodyPlace> places) {
    sort_best_first(places);
    std::vector<MelodyPlace> kept;
    for (const MelodyPlace& place : places) {
        const bool overlaps = std::any_of(kept.begin(), kept.end(), [&](const MelodyPlace& better) {
            return place.onset <= better.end && better.onset <= place.end;
        });
        if (!overlaps) kept.push_back(place);
    }
    return kept;
}

}  // namespace

std::vector<MelodyPlace> find_melody(const MelodyLines& lines, const Motif& motif,
                                     double at_least) {
    std::vector<MelodyPlace> all;
    if (motif.pitches.size() < kFewestMotifNotes) return all;
    const std::vector<score::Ticks>& bars = lines.bars;
    for (const PartLines& part : lines.parts) {
        std::vector<MelodyPlace> places;
        find_in_line(part.top, motif, lines.ticks_per_quarter, at_least, places);
        find_in_line(part.bottom, motif, lines.ticks_per_quarter, at_least, places);
        for (MelodyPlace& place : without_overlaps(std::move(places))) {
            place.part = part.part;
            place.part_name = part.name;
            const auto next = std::upper_bound(bars.begin(), bars.end(), place.onset);
            place.bar = std::max<std::size_t>(1, static_cast<std::size_t>(next - bars.begin()));
            all.push_back(std::move(place));
        }
    }
    sort_best_first(all);
    return all;
}

}  // namespace symphony::corpus
