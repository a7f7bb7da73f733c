#include "symphony/corpus/statistics.h"

#include "symphony/corpus/atlas/note_measures.h"
#include "symphony/corpus/bar_fit.h"
#include "symphony/corpus/free_timing.h"
#include "symphony/score/general_midi.h"
#include "symphony/score/harmony.h"
#include "symphony/score/note_measures.h"
#include "symphony/score/time_map.h"
#include "symphony/score/transform.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

namespace symphony::corpus {
namespace {

using score::Bar;
using score::Note;
using score::Part;
using score::Score;

constexpr int kStepsPerQuarter = 24;
constexpr std::array<std::string_view, score::kChordQualities> kChordNames{
    "none",          "major",     "minor",     "diminished",          "augmented",
    "dominant 7th",  "major 7th", "minor 7th", "half-diminished 7th", "diminished 7th",
    "suspended 4th", "power"};

// The nearest number of 24ths of a quarter.
std::int64_t steps_of(score::Ticks ticks, int ticks_per_quarter) {
    return score::rescaled(ticks, ticks_per_quarter, kStepsPerQuarter).value;
}

std::string meter_text(score::Meter meter) {
    return fmt::format("{}/{}", meter.numerator, meter.denominator);
}

// Semitones between the highest notes of successive onsets of one part.
void count_intervals(const Part& part, WholeCounts& intervals) {
    int last = -1;
    for (std::size_t i = 0; i < part.notes.size();) {
        int highest = 0;
        const score::Ticks onset = part.notes[i].onset;
        for (; i < part.notes.size() && part.notes[i].onset == onset; ++i)
            highest = std::max<int>(highest, part.notes[i].pitch);
        if (last >= 0) intervals.add(highest - last);
        last = highest;
    }
}

// `ends` of the notes, rising. A note shorter than a step sounds in the step it begins in.
Tally polyphony_of(const std::vector<Note>& notes, std::span<const std::int64_t> ends,
                   int ticks_per_quarter) {
    WholeCounts counts(0, 64);
    const auto step_before = [&](score::Ticks at) { return at.value * 4 / ticks_per_quarter; };
    const auto step_after = [&](std::int64_t at) {
        return (at * 4 + ticks_per_quarter - 1) / ticks_per_quarter;
    };
    std::int64_t at = 0, sounding = 0;
    std::size_t begun = 0;
    for (std::size_t ended = 0; ended < ends.size(); ++ended, --sounding) {
        const std::int64_t end = step_after(ends[ended]);
        const auto advance = [&](std::int64_t to) {
            if (to > at) counts.add(sounding, to - at);
            at = std::max(at, to);
        };
        for (; begun < notes.size() && step_before(notes[begun].onset) < end; ++begun, ++sounding)
            advance(step_before(notes[begun].onset));
        advance(end);
    }
    return counts.tally();
}

void count_bars(const std::vector<Bar>& bars, const std::vector<Note>& notes, int ticks_per_quarter,
                PieceStatistics& s) {
    std::size_t next = 0;
    WholeCounts positions(0, 256), quarter_densities(0, 256);
    std::map<score::Meter, std::int64_t> meters;
    for (const Bar& bar : bars) {
        std::int64_t in_bar = 0;
        const score::Ticks end = bar.onset + bar.length;
        for (; next < notes.size() && notes[next].onset < end; ++next) {
            positions.add(steps_of(notes[next].onset - bar.onset, ticks_per_quarter));
            ++in_bar;
        }
        const double quarters = static_cast<double>(bar.length.value) / ticks_per_quarter;
        quarter_densities.add(std::llround(4 * static_cast<double>(in_bar) / quarters));
        ++meters[bar.meter];
    }
    s.bar_position = positions.tally(kStepsPerQuarter);
    s.density = quarter_densities.tally(4);
    for (const auto& [meter, count] : meters) s.meters[meter_text(meter)] = count;
}

// Harmony: keys over time, chords as steps of them, how phrases end.
void read_harmony(const Score& score, const std::vector<Bar>& bars,
                  const std::vector<PitchClassWeights>& by_bar, PieceStatistics& s) {
    s.keys = key_plan_of(by_bar);
    const std::vector<score::BeatChord> beats = score::beat_chords(score);
    std::array<std::int64_t, score::kChordQualities> chords{};
    for (const score::BeatChord& beat : beats)
        ++chords[static_cast<std::size_t>(beat.chord.quality)];
    for (std::size_t q = 0; q < chords.size(); ++q)
        if (chords[q] > 0) s.chords[std::string(kChordNames[q])] = chords[q];
    s.progressions = progressions_of(beats, bars, s.keys);
    s.cadences = cadences_of(score, beats, bars, s.keys);
}

void summarise(const Score& score, const std::string& id, score::Key key, bool key_given,
               std::size_t notes, std::size_t bars, PieceStatistics& s) {
    PieceSummary& summary = s.summary;
    summary.id = id;
    summary.title = score.title;
    summary.composer = score.composer;
    summary.notes = static_cast<std::int64_t>(notes);
    summary.parts = s.parts_with_notes;
    summary.bars = static_cast<std::int64_t>(bars);
    summary.quarters = score::to_quarters(score.end(), score.ticks_per_quarter).value;
    summary.seconds = score::duration_of(score).value;
    summary.key = key;
    summary.key_given = key_given;
    summary.meter = score.meters.empty() ? "" : meter_text(score.meters.front().meter);
    summary.has_drums = s.drum_notes > 0;
}

// Steps along the circle of fifths between two keys, a key and its relative counting as one.
int fifths_between(score::Key a, score::Key b) {
    const int difference = std::abs(a.sharps - b.sharps) % 12;
    return std::min(difference, 12 - difference);
}

}  // namespace

PieceStatistics statistics_of(const Score& score, const std::string& id, score::Key key,
                              bool key_given) {
    PieceStatistics s;
    const std::vector<Bar> bars = score::bars_of(score);
    const int tpq = score.ticks_per_quarter;
    const std::vector<Note> all = score::notes_by_onset(score, score::Which::kAll);
    const std::vector<Note> pitched = score::notes_by_onset(score, score::Which::kPitched);
    const std::vector<std::int64_t> ends = score::ends_of(pitched);
    WholeCounts pitches(0, score::kPitches), durations(0, 512), velocities(0, 128);
    WholeCounts intervals(-score::kPitches, 2 * score::kPitches);
    std::array<std::int64_t, kRoles> roles{};
    for (const Part& part : score.parts) {
        if (part.notes.empty()) continue;
        ++s.parts_with_notes;
        const std::string program =
            part.is_drums ? "Drums" : std::string(score::program_name(part.program));
        s.programs[program] += static_cast<std::int64_t>(part.notes.size());
        for (const Note& note : part.notes) {
            durations.add(steps_of(note.duration, tpq));
            velocities.add(note.velocity);
            ++roles[static_cast<std::size_t>(note.role)];
        }
        if (part.is_drums) {
            s.drum_notes += static_cast<std::int64_t>(part.notes.size());
            continue;
        }
        for (const Note& note : part.notes) pitches.add(note.pitch);
        count_intervals(part, intervals);
    }
    s.pitch = pitches.tally();
    for (const auto& [pitch, count] : s.pitch) s.pitch_class[std::fmod(pitch, 12)] += count;
    s.duration = durations.tally(kStepsPerQuarter);
    s.velocity = velocities.tally();
    s.interval = intervals.tally();
    for (std::size_t role = 0; role < kRoles; ++role)
        if (roles[role] > 0)
            s.roles[std::string(score::role_name(static_cast<score::Role>(role)))] = roles[role];
    s.polyphony = polyphony_of(pitched, ends, tpq);
    count_bars(bars, all, tpq, s);
    for (const score::TempoChange& tempo : score.tempos)
        ++s.tempo[std::round(tempo.quarters_per_minute)];

    const std::vector<PitchClassWeights> by_bar = pitch_classes_by_bar(pitched, bars);
    read_harmony(score, bars, by_bar, s);
    s.rhythm = rhythm_of(score, bars);
    s.form = form_of(bar_features(all, bars, by_bar));
    s.role_figures = role_figures_of(score, all);

    if (key_given && !pitched.empty())
        s.given_key_distance = fifths_between(key, score::estimate_key(score));
    s.quality = measure_quality(score);
    s.on_grid_share = s.quality.on_grid_share;
    if (s.on_grid_share >= kFollowsBeats) {  // bars of what has no beat say nothing
        const BarFit fit = bar_fit(score, bars);
        s.bar_line_shift = fit.shift_quarters;
        s.bar_fault = fit.words();
    }
    s.distinct_velocities = static_cast<int>(s.velocity.size());
    s.meter_given = !score.meters.empty();
    summarise(score, id, key, key_given, all.size(), bars.size(), s);
    s.measures = measures_of(score, all, pitched, ends, bars, s);
    return s;
}

}  // namespace symphony::corpus
