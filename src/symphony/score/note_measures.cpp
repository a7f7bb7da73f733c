#include "symphony/score/note_measures.h"

#include "symphony/score/merge_runs.h"
#include "symphony/score/transform.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace symphony::score {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

// How many of the places of [begin, begin + length) have an onset in one of two bars alone. `first`
// and `second` begin at places of the bars or after.
std::int64_t differences(std::span<const std::int64_t> first, std::int64_t first_begin,
                         std::span<const std::int64_t> second, std::int64_t second_begin,
                         std::int64_t length) {
    std::int64_t count = 0;
    std::size_t i = 0, j = 0;
    const auto place = [length](std::span<const std::int64_t> places, std::size_t at,
                                std::int64_t begin) {
        return at < places.size() ? std::min(places[at] - begin, length) : length;
    };
    const auto after = [](std::span<const std::int64_t> places, std::size_t at) {
        const std::int64_t here = places[at];
        while (at < places.size() && places[at] == here) ++at;
        return at;
    };
    for (;;) {
        const std::int64_t a = place(first, i, first_begin), b = place(second, j, second_begin);
        if (a == length && b == length) return count;
        count += a == b ? 0 : 1;
        if (a <= b) i = after(first, i);
        if (b <= a) j = after(second, j);
    }
}

// Counts bars one after the other.
class Groove {
  public:
    explicit Groove(std::span<const std::int64_t> places) : places_(places) {}

    void add(PlaceBar bar) {
        while (next_ < places_.size() && places_[next_] < bar.begin) ++next_;
        if (bars_++ > 0 && bar.length == last_.length) {
            changed_ += differences(places_.subspan(last_next_), last_.begin,
                                    places_.subspan(next_), bar.begin, bar.length);
            compared_ += bar.length;
        }
        last_ = bar;
        last_next_ = next_;
    }
    double consistency() const {
        return compared_ == 0 ? kUndefined
                              : 1 - static_cast<double>(changed_) / static_cast<double>(compared_);
    }

  private:
    std::span<const std::int64_t> places_;
    std::size_t next_ = 0, last_next_ = 0, bars_ = 0;
    PlaceBar last_;
    std::int64_t changed_ = 0, compared_ = 0;
};

}  // namespace

std::vector<Note> notes_by_onset(const Score& score, Which which) {
    std::vector<Note> notes;
    std::vector<std::size_t> begins;
    notes.reserve(score.note_count());
    for (const Part& part : score.parts) {
        if (part.notes.empty() || (part.is_drums && which == Which::kPitched)) continue;
        begins.push_back(notes.size());
        notes.insert(notes.end(), part.notes.begin(), part.notes.end());
    }
    merge_runs(notes, std::move(begins),
               [](const Note& a, const Note& b) { return a.onset < b.onset; });
    return notes;
}

double scale_consistency(const PitchClassCounts& notes) {
    constexpr std::array<int, 7> kMajorScale = {0, 2, 4, 5, 7, 9, 11};
    const std::int64_t all = std::accumulate(notes.begin(), notes.end(), std::int64_t{0});
    if (all == 0) return kUndefined;
    std::int64_t best = 0;
    // The natural minor scales hold the same notes as the major ones, so twelve sets suffice.
    for (int root = 0; root < 12; ++root) {
        std::int64_t inside = 0;
        for (const int degree : kMajorScale)
            inside += notes[static_cast<std::size_t>((root + degree) % 12)];
        best = std::max(best, inside);
    }
    return static_cast<double>(best) / static_cast<double>(all);
}

std::vector<std::int64_t> onset_places(std::span<const Note> notes, int ticks_per_quarter,
                                       int places_per_quarter) {
    std::vector<std::int64_t> places;
    places.reserve(notes.size());
    std::int64_t last_onset = -1;
    for (const Note& note : notes) {
        if (note.onset.value == last_onset) continue;
        last_onset = note.onset.value;
        const std::int64_t place =
            rescaled(note.onset, ticks_per_quarter, places_per_quarter).value;
        if (places.empty() || places.back() != place) places.push_back(place);
    }
    return places;
}

double groove_consistency(std::span<const std::int64_t> places, std::span<const PlaceBar> bars) {
    Groove groove(places);
    for (const PlaceBar& bar : bars) groove.add(bar);
    return groove.consistency();
}

double groove_consistency(std::span<const std::int64_t> places, std::int64_t bar_length,
                          std::int64_t end) {
    Groove groove(places);
    for (std::int64_t begin = 0; begin <= end; begin += bar_length) groove.add({begin, bar_length});
    return groove.consistency();
}

std::vector<PlaceBar> place_bars(std::span<const Bar> bars, int ticks_per_quarter,
                                 int places_per_quarter) {
    const auto place = [&](Ticks at) {
        return rescaled(at, ticks_per_quarter, places_per_quarter).value;
    };
    std::vector<PlaceBar> result;
    result.reserve(bars.size());
    for (const Bar& bar : bars)
        result.push_back({place(bar.onset), place(bar.onset + bar.length) - place(bar.onset)});
    return result;
}

std::vector<std::int64_t> ends_of(std::span<const Note> notes) {
    std::vector<std::int64_t> ends;
    ends.reserve(notes.size());
    for (const Note& note : notes) ends.push_back(note.end().value);
    std::sort(ends.begin(), ends.end());
    return ends;
}

SoundingTime sounding_time(std::span<const Note> notes, std::span<const std::int64_t> ends) {
    SoundingTime time;
    std::int64_t at = 0, sounding = 0;
    std::size_t begun = 0, ended = 0;
    while (ended < ends.size()) {
        const bool begins = begun < notes.size() && notes[begun].onset.value < ends[ended];
        const std::int64_t next = begins ? notes[begun].onset.value : ends[ended];
        (sounding == 1 ? time.one : time.more) += sounding == 0 ? 0 : next - at;
        at = next;
        sounding += begins ? 1 : -1;
        ++(begins ? begun : ended);
    }
    return time;
}

}  // namespace symphony::score
