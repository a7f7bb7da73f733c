#include "symphony/score/muspy_metrics.h"

#include "symphony/base/entropy.h"
#include "symphony/score/merge_runs.h"
#include "symphony/score/note_measures.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

namespace symphony::score {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();
constexpr int kBeatsInMeasure = 4;
constexpr std::array<std::size_t, 7> kMajorScale{0, 2, 4, 5, 7, 9, 11};
constexpr int kPolyphonicAbove = 2;

double share(std::int64_t part, std::int64_t whole) {
    return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : kUndefined;
}

// Beats and measures that a note touches, its last tick's end included.
class TouchedTime {
  public:
    TouchedTime(std::int64_t end_ticks, int ticks_per_quarter)
        : beat_(ticks_per_quarter),
          beats_(static_cast<std::size_t>(end_ticks / beat_ + 1), 0),
          measures_(static_cast<std::size_t>(end_ticks / beat_ / kBeatsInMeasure + 1), 0) {}

    // Notes of a part come in order of onset.
    void begin_part() { next_ = 0; }
    void add(const Note& note) {
        auto beat = static_cast<std::size_t>(note.onset.value / beat_);
        const auto last = static_cast<std::size_t>(note.end().value / beat_);
        for (beat = std::max(beat, next_); beat <= last; ++beat) {
            beats_[beat] = 1;
            measures_[beat / kBeatsInMeasure] = 1;
        }
        next_ = std::max(next_, last + 1);
    }
    double empty_beats() const { return empty(beats_); }
    double empty_measures() const { return empty(measures_); }

  private:
    static double empty(const std::vector<std::uint8_t>& touched) {
        const auto count = std::count(touched.begin(), touched.end(), std::uint8_t{1});
        return 1 - static_cast<double>(count) / static_cast<double>(touched.size());
    }

    std::int64_t beat_;
    std::vector<std::uint8_t> beats_, measures_;
    std::size_t next_ = 0;  // all beats from the part's last onset up to here are touched
};

struct Sounding {
    std::int64_t onset, end;
    std::uint8_t pitch;
    bool operator<(const Sounding& other) const { return onset < other.onset; }
};

struct PitchTime {
    std::int64_t pitches = 0;     // sum over time steps of the pitches that are on
    std::int64_t any = 0;         // time steps with a pitch on
    std::int64_t polyphonic = 0;  // time steps with more than kPolyphonicAbove
};

// A pitch is on or off, however many notes hold it. `notes` sorted by onset.
PitchTime pitch_time(const std::vector<Sounding>& notes) {
    std::array<std::int64_t, kPitches> on_until{};
    std::vector<std::int64_t> begins, ends;  // of what each note adds to its pitch's time
    begins.reserve(notes.size());
    ends.reserve(notes.size());
    bool in_order = true;
    for (const Sounding& note : notes) {
        std::int64_t& until = on_until[note.pitch];
        if (until >= note.end) continue;
        const std::int64_t begin = std::max(until, note.onset);
        in_order = in_order && (begins.empty() || begins.back() <= begin);
        begins.push_back(begin);
        ends.push_back(until = note.end);
    }
    if (!in_order) std::sort(begins.begin(), begins.end());
    std::sort(ends.begin(), ends.end());
    PitchTime time;
    std::int64_t at = 0, on = 0;
    std::size_t begun = 0, ended = 0;
    while (ended < ends.size()) {
        const bool begin = begun < begins.size() && begins[begun] < ends[ended];
        const std::int64_t next = begin ? begins[begun] : ends[ended];
        const std::int64_t length = next - at;
        time.pitches += on * length;
        time.any += on > 0 ? length : 0;
        time.polyphonic += on > kPolyphonicAbove ? length : 0;
        at = next;
        on += begin ? 1 : -1;
        ++(begin ? begun : ended);
    }
    return time;
}

// Hits on the places of a quarter that the pattern has.
struct DrumCounts {
    std::int64_t hits = 0, duple = 0, triple = 0;

    void add(std::int64_t onset, int quarter) {
        const std::int64_t place = onset % quarter;
        const int halves = quarter % 4 == 0   ? quarter / 4
                           : quarter % 2 == 0 ? quarter / 2
                                              : quarter;
        ++hits;
        duple += place % halves == 0 ? 1 : 0;
        triple += place % (quarter % 3 == 0 ? quarter / 3 : quarter) == 0 ? 1 : 0;
    }
};

}  // namespace

std::array<double, kMuspyMetrics> muspy_metrics(const Score& score) {
    const int quarter = score.ticks_per_quarter;
    std::array<std::int64_t, kPitches> by_pitch{};
    std::vector<Sounding> pitched;
    std::vector<std::int64_t> onsets;
    std::vector<std::size_t> begins;
    DrumCounts drums;
    const std::size_t notes = score.note_count();
    const std::int64_t end = score.end().value;
    pitched.reserve(notes);
    onsets.reserve(notes);
    TouchedTime touched(end, quarter);
    for (const Part& part : score.parts) {
        if (part.notes.empty()) continue;
        touched.begin_part();
        if (!part.is_drums) begins.push_back(pitched.size());
        for (const Note& note : part.notes) {
            touched.add(note);
            if (onsets.empty() || onsets.back() != note.onset.value)
                onsets.push_back(note.onset.value);
            if (part.is_drums) {
                drums.add(note.onset.value, quarter);
            } else {
                ++by_pitch[note.pitch];
                pitched.push_back({note.onset.value, note.end().value, note.pitch});
            }
        }
    }
    if (!std::is_sorted(onsets.begin(), onsets.end())) std::sort(onsets.begin(), onsets.end());
    merge_runs(pitched, std::move(begins), std::less<>());

    std::array<double, kMuspyMetrics> values{};
    PitchClassCounts by_class{};
    std::int64_t used = 0, in_c_major = 0;
    int lowest = kPitches - 1, highest = 0;
    for (int pitch = 0; pitch < kPitches; ++pitch) {
        const std::int64_t count = by_pitch[static_cast<std::size_t>(pitch)];
        if (count == 0) continue;
        by_class[static_cast<std::size_t>(pitch % 12)] += count;
        ++used;
        lowest = std::min(lowest, pitch);
        highest = std::max(highest, pitch);
    }
    for (const std::size_t degree : kMajorScale) in_c_major += by_class[degree];
    const auto pitched_notes = static_cast<std::int64_t>(pitched.size());
    const auto entropy = [&](const auto& counts) {
        return pitched.empty() ? kUndefined : base::entropy_bits(counts);
    };
    // Of drums alone MusPy has the range of no pitch at all, 0 - 127; of no notes 0.
    values[0] = notes == 0 ? 0 : highest - lowest;
    values[1] = static_cast<double>(used);
    values[2] = static_cast<double>(12 - std::count(by_class.begin(), by_class.end(), 0));
    const PitchTime time = pitch_time(pitched);
    values[3] = share(time.pitches, time.any);
    values[4] = share(time.polyphonic, end);
    values[5] = share(in_c_major, pitched_notes);
    values[6] = scale_consistency(by_class);
    values[7] = entropy(by_pitch);
    values[8] = entropy(by_class);
    values[9] = end > 0 ? touched.empty_beats() : kUndefined;
    values[10] = end > 0 ? touched.empty_measures() : kUndefined;
    values[11] = groove_consistency(onsets, std::int64_t{kBeatsInMeasure} * quarter, end);
    values[12] = share(drums.duple, drums.hits);
    values[13] = share(std::max(drums.duple, drums.triple), drums.hits);
    return values;
}

}  // namespace symphony::score
