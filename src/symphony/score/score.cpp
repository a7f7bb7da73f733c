#include "symphony/score/score.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace symphony::score {
namespace {

constexpr std::array<std::string_view, 5> kRoleNames{"unknown", "melody", "bass", "harmony",
                                                     "drums"};

Ticks full_bar(Meter meter, int ticks_per_quarter) {
    const std::int64_t ticks =
        std::int64_t{4} * ticks_per_quarter * meter.numerator / meter.denominator;
    return Ticks(std::max<std::int64_t>(1, ticks));
}

// Appends full bars of `meter` from `from` on until `until` is reached; the last is cut short there
// if `cut`.
void append_bars(std::vector<Bar>& bars, Ticks from, Ticks until, Meter meter,
                 int ticks_per_quarter, bool cut) {
    const Ticks length = full_bar(meter, ticks_per_quarter);
    for (Ticks onset = from; onset < until; onset += length)
        bars.push_back({onset, cut ? std::min(length, until - onset) : length, meter});
}

constexpr auto kByOnset = [](const auto& a, const auto& b) { return a.onset < b.onset; };

// The order of equal onsets means something: bank before program, coarse before fine, notes as they
// were struck.
template <class Event>
void sort_stably(std::vector<Event>& events) {
    if (!std::is_sorted(events.begin(), events.end(), kByOnset))
        std::stable_sort(events.begin(), events.end(), kByOnset);
}

}  // namespace

std::string_view role_name(Role role) { return kRoleNames[static_cast<std::size_t>(role)]; }

std::optional<Role> role_named(std::string_view name) {
    const auto found = std::find(kRoleNames.begin(), kRoleNames.end(), name);
    if (found == kRoleNames.end()) return std::nullopt;
    return static_cast<Role>(found - kRoleNames.begin());
}

std::size_t bar_index(std::span<const Bar> bars, Ticks at) {
    const auto after = std::upper_bound(bars.begin(), bars.end(), at,
                                        [](Ticks t, const Bar& bar) { return t < bar.onset; });
    return after == bars.begin() ? 0 : static_cast<std::size_t>(after - bars.begin()) - 1;
}

int Key::tonic_pitch_class() const {
    // A fifth up is one sharp more; a minor key's tonic lies three semitones under its relative
    // major's.
    const int major = ((sharps * 7) % 12 + 12) % 12;
    return minor ? (major + 9) % 12 : major;
}

std::string Key::name() const {
    constexpr std::array<const char*, 15> kMajor{"Cb", "Gb", "Db", "Ab", "Eb", "Bb", "F", "C",
                                                 "G",  "D",  "A",  "E",  "B",  "F#", "C#"};
    constexpr std::array<const char*, 15> kMinor{"Ab", "Eb", "Bb", "F",  "C",  "G",  "D", "A",
                                                 "E",  "B",  "F#", "C#", "G#", "D#", "A#"};
    const auto index = static_cast<std::size_t>(std::clamp<int>(sharps, -7, 7) + 7);
    return minor ? std::string(kMinor[index]) + " minor" : std::string(kMajor[index]) + " major";
}

std::size_t Score::note_count() const {
    std::size_t count = 0;
    for (const Part& part : parts) count += part.notes.size();
    return count;
}

Ticks Score::end() const {
    Ticks last;
    for (const Part& part : parts)
        for (const Note& note : part.notes) last = std::max(last, note.end());
    return last;
}

std::vector<Bar> bars_of(const Score& score) {
    std::vector<Bar> bars = score.bars;
    const Ticks end = score.end();
    Ticks at = bars.empty() ? Ticks(0) : bars.back().onset + bars.back().length;
    Meter meter = bars.empty() ? Meter{} : bars.back().meter;
    for (const MeterChange& change : score.meters) {
        if (change.onset > at) {
            append_bars(bars, at, std::min(change.onset, std::max(end, at)), meter,
                        score.ticks_per_quarter,
                        /*cut=*/change.onset <= end);
            if (!bars.empty()) at = std::max(at, bars.back().onset + bars.back().length);
        }
        if (change.onset <= at) meter = change.meter;
    }
    append_bars(bars, at, end, meter, score.ticks_per_quarter, /*cut=*/false);
    return bars;
}

void sort_events(Score& score) {
    for (Part& part : score.parts) {
        sort_stably(part.notes);
        sort_stably(part.controls);
        sort_stably(part.bends);
        sort_stably(part.programs);
        sort_stably(part.texts);
    }
    sort_stably(score.tempos);
    sort_stably(score.meters);
    sort_stably(score.keys);
    sort_stably(score.bars);
    sort_stably(score.phrases);
    sort_stably(score.texts);
}

}  // namespace symphony::score
