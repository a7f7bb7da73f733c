#include "symphony/corpus/accents.h"

#include "symphony/score/note_measures.h"

#include <algorithm>
#include <bitset>
#include <cmath>
#include <map>

namespace symphony::corpus {
namespace {

using score::Bar;
using score::Meter;
using score::Note;

constexpr double kNearUnit = 0.1;  // of a unit: how far an onset may lie from its place
constexpr int kPitchClasses = 12;
constexpr std::size_t kHarmonyUnits = 2;  // looked at on either side
// What is measured of a hostile piece: 4,096 bars of 4/4 are enough to see their lines, and a note
// that sounds longer than eight bars says no more about them.
constexpr std::size_t kMostUnits = 32768;
constexpr double kLongestSounding = 64;  // units

Meter commonest_meter(const std::vector<Bar>& bars) {
    std::map<Meter, int> count;
    for (const Bar& bar : bars) ++count[bar.meter];
    return std::max_element(count.begin(), count.end(),
                            [](const auto& a, const auto& b) { return a.second < b.second; })
        ->first;
}

double& accent(AccentRow& row, Accent kind) { return row[static_cast<std::size_t>(kind)]; }

// How different two profiles of pitch classes are: 1 - cosine; 0 where one of them is silent.
double difference(const std::array<double, kPitchClasses>& a,
                  const std::array<double, kPitchClasses>& b) {
    double ab = 0, aa = 0, bb = 0;
    for (std::size_t c = 0; c < kPitchClasses; ++c) {
        ab += a[c] * b[c];
        aa += a[c] * a[c];
        bb += b[c] * b[c];
    }
    return aa > 0 && bb > 0 ? std::max(0.0, 1 - ab / std::sqrt(aa * bb)) : 0;
}

// Measures the notes [first, last) against units of a run that begins at `begin`.
class RunMeter {
  public:
    RunMeter(double begin, double unit, std::size_t units, double bar_units, double mean_velocity)
        : begin_(begin),
          unit_(unit),
          bar_units_(bar_units),
          mean_velocity_(mean_velocity),
          rows_(units),
          classes_(units),
          lowest_(units, score::kPitches),
          highest_(units, -1),
          beginning_(units),
          begun_(units),
          ended_(units) {}

    void add(const Note& note) {
        const double from = (static_cast<double>(note.onset.value) - begin_) / unit_;
        const double to = (static_cast<double>(note.end().value) - begin_) / unit_;
        const auto last = static_cast<double>(rows_.size());
        if (to <= 0 || from >= last) return;
        sound(note, std::max(from, 0.0), std::min({to, last, from + kLongestSounding}));
        const double end = std::round(to);
        if (end < last && std::abs(to - end) <= kNearUnit)
            ended_[static_cast<std::size_t>(end)].set(note.pitch);
        const double nearest = std::round(from);
        if (nearest < 0 || nearest >= last || std::abs(from - nearest) > kNearUnit) return;
        strike(note, static_cast<std::size_t>(nearest), std::min(to - from, bar_units_));
    }

    AccentRun finish() {
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            AccentRow& row = rows_[i];
            const double onsets = accent(row, Accent::kOnsets);
            if (onsets > 0) accent(row, Accent::kVelocity) /= onsets;
            if (beginning_[i].pitch <= lowest_[i] && onsets > 0)
                accent(row, Accent::kBass) = beginning_[i].length;
            std::array<double, kPitchClasses> before{}, after{};
            for (std::size_t k = 0; k < kHarmonyUnits; ++k)
                for (std::size_t c = 0; c < kPitchClasses; ++c) {
                    if (i > k) before[c] += classes_[i - k - 1][c];
                    if (i + k < classes_.size()) after[c] += classes_[i + k][c];
                }
            accent(row, Accent::kHarmony) = difference(before, after);
            if (begun_[i].any())
                accent(row, Accent::kRepeated) =
                    static_cast<double>((begun_[i] & ended_[i]).count()) /
                    static_cast<double>(begun_[i].count());
        }
        measure_outer_voices();
        return {std::move(rows_)};
    }

  private:
    using Pitches = std::bitset<score::kPitches>;
    struct Lowest {
        int pitch = score::kPitches;
        double length = 0;
    };

    void sound(const Note& note, double from, double to) {
        for (auto i = static_cast<std::size_t>(from); static_cast<double>(i) < to; ++i) {
            const double here =
                std::min(to, static_cast<double>(i) + 1) - std::max(from, static_cast<double>(i));
            classes_[i][static_cast<std::size_t>(note.pitch % kPitchClasses)] += here;
            lowest_[i] = std::min<int>(lowest_[i], note.pitch);
            highest_[i] = std::max<int>(highest_[i], note.pitch);
            const auto at = static_cast<double>(i);
            if (from < at - kNearUnit && to > at + kNearUnit) accent(rows_[i], Accent::kHeld) += 1;
        }
    }

    // How the bass and the highest note move to where they begin.
    void measure_outer_voices() {
        constexpr int kFourth = 5, kFifth = 7, kOctave = 12;
        int bass = -1, top = -1;  // that sounded last
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            if (highest_[i] < 0) continue;
            const auto begins = [&](int pitch) {
                return begun_[i].test(static_cast<std::size_t>(pitch));
            };
            if (bass >= 0 && begins(lowest_[i])) {
                const int step = std::abs(lowest_[i] - bass) % kOctave;
                accent(rows_[i], Accent::kBassFifth) = step == kFourth || step == kFifth ? 1 : 0;
            }
            if (top >= 0 && begins(highest_[i]))
                accent(rows_[i], Accent::kTopLeap) = std::min(kOctave, std::abs(highest_[i] - top));
            bass = lowest_[i];
            top = highest_[i];
        }
    }

    void strike(const Note& note, std::size_t i, double length) {
        AccentRow& row = rows_[i];
        accent(row, Accent::kOnsets) += 1;
        begun_[i].set(note.pitch);
        accent(row, Accent::kLength) += length;
        accent(row, Accent::kLongest) = std::max(accent(row, Accent::kLongest), length);
        accent(row, Accent::kVelocity) += note.velocity - mean_velocity_;
        if (note.pitch < beginning_[i].pitch) beginning_[i] = {note.pitch, length};
    }

    double begin_, unit_, bar_units_, mean_velocity_;
    std::vector<AccentRow> rows_;
    std::vector<std::array<double, kPitchClasses>> classes_;  // sounding in each unit
    std::vector<int> lowest_, highest_;                       // sounding in each unit
    std::vector<Lowest> beginning_;
    std::vector<Pitches> begun_, ended_;  // in each unit
};

struct Stretch {
    std::size_t first = 0, last = 0;  // bars
};

// Where bars of full length in `meter` follow each other.
std::vector<Stretch> regular_stretches(const std::vector<Bar>& bars, Meter meter,
                                       double bar_ticks) {
    std::vector<Stretch> stretches;
    bool open = false;
    for (std::size_t b = 0; b < bars.size(); ++b) {
        const bool regular = bars[b].meter == meter &&
                             std::abs(static_cast<double>(bars[b].length.value) - bar_ticks) < 1;
        if (regular && !open) stretches.push_back({b, b});
        if (regular) stretches.back().last = b + 1;
        open = regular;
    }
    return stretches;
}

}  // namespace

Accents accents_of(const score::Score& score, const std::vector<Bar>& bars) {
    Accents accents;
    const std::vector<Note> notes = score::notes_by_onset(score, score::Which::kPitched);
    if (bars.empty() || notes.empty()) return accents;
    accents.meter = commonest_meter(bars);
    const int denominator = std::max<int>(8, accents.meter.denominator);
    accents.unit_ticks = score.ticks_per_quarter * 4.0 / denominator;
    accents.units_per_bar = accents.meter.numerator * (denominator / accents.meter.denominator);
    const double bar_ticks = accents.unit_ticks * accents.units_per_bar;
    double velocity = 0;
    for (const Note& note : notes) velocity += note.velocity;
    velocity /= static_cast<double>(notes.size());
    std::size_t first = 0;  // of the notes that may sound in the stretch
    score::Ticks longest{0};
    for (const Note& note : notes) longest = std::max(longest, note.duration);
    std::size_t bars_left = kMostUnits / static_cast<std::size_t>(accents.units_per_bar);
    for (Stretch stretch : regular_stretches(bars, accents.meter, bar_ticks)) {
        stretch.last = std::min(stretch.last, stretch.first + bars_left);
        if (stretch.last == stretch.first) break;
        const std::size_t count = stretch.last - stretch.first;
        bars_left -= count;
        const score::Ticks begin = bars[stretch.first].onset;
        const score::Ticks end = bars[stretch.last - 1].onset + bars[stretch.last - 1].length;
        RunMeter meter(static_cast<double>(begin.value), accents.unit_ticks,
                       count * static_cast<std::size_t>(accents.units_per_bar),
                       accents.units_per_bar, velocity);
        while (first < notes.size() && notes[first].onset + longest < begin) ++first;
        for (std::size_t n = first; n < notes.size() && notes[n].onset < end; ++n)
            meter.add(notes[n]);
        accents.runs.push_back(meter.finish());
        accents.bars += count;
        const double last =
            static_cast<double>((notes.back().onset - begin).value) / accents.unit_ticks;
        if (last >= 0 && notes.back().onset < end &&
            std::abs(last - std::round(last)) <= kNearUnit) {
            accents.last_onset_at = static_cast<std::size_t>(std::llround(last));
            accents.last_onset_unit =
                static_cast<int>(accents.last_onset_at) % accents.units_per_bar;
        }
    }
    return accents;
}

}  // namespace symphony::corpus
