#include "symphony/corpus/statistics.h"

#include "symphony/corpus/bar_fit.h"
#include "symphony/score/general_midi.h"
#include "symphony/score/harmony.h"
#include "symphony/score/time_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace symphony::corpus {
namespace {

using score::Bar;
using score::Note;
using score::Part;
using score::Score;

constexpr int kStepsPerQuarter = 24;
// An onset this near (in quarters) to a 24th or a 16th of a quarter follows the beat. By chance
// alone a quarter of all onsets would.
constexpr double kOnGrid = 0.004;
constexpr std::array<std::string_view, score::kChordQualities> kChordNames{
    "none",          "major",     "minor",     "diminished",          "augmented",
    "dominant 7th",  "major 7th", "minor 7th", "half-diminished 7th", "diminished 7th",
    "suspended 4th", "power"};

double rounded_quarters(score::Ticks ticks, int ticks_per_quarter) {
    return std::round(static_cast<double>(ticks.value) * kStepsPerQuarter / ticks_per_quarter) /
           kStepsPerQuarter;
}

bool follows_beat(score::Ticks onset, int ticks_per_quarter) {
    const double quarters = static_cast<double>(onset.value) / ticks_per_quarter;
    for (const double steps : {24.0, 16.0}) {
        const double at = quarters * steps;
        if (std::abs(at - std::round(at)) <= kOnGrid * steps) return true;
    }
    return false;
}

std::string meter_text(score::Meter meter) {
    return fmt::format("{}/{}", meter.numerator, meter.denominator);
}

// Semitones between the highest notes of successive onsets of one part.
void count_intervals(const Part& part, Tally& tally) {
    int last = -1;
    for (std::size_t i = 0; i < part.notes.size();) {
        int highest = 0;
        const score::Ticks onset = part.notes[i].onset;
        for (; i < part.notes.size() && part.notes[i].onset == onset; ++i)
            highest = std::max<int>(highest, part.notes[i].pitch);
        if (last >= 0) ++tally[highest - last];
        last = highest;
    }
}

void count_polyphony(const std::vector<Note>& notes, int ticks_per_quarter, Tally& tally) {
    if (notes.empty()) return;
    score::Ticks end{0};
    for (const Note& note : notes) end = std::max(end, note.end());
    const std::int64_t steps = (end.value * 4 + ticks_per_quarter - 1) / ticks_per_quarter;
    // +1 where a note begins, -1 where it ends: a running sum counts those that sound. A note
    // shorter than a step sounds in the step it begins in.
    std::map<std::int64_t, std::int64_t> change;
    for (const Note& note : notes) {
        const std::int64_t first = note.onset.value * 4 / ticks_per_quarter;
        const std::int64_t last =
            (note.end().value * 4 + ticks_per_quarter - 1) / ticks_per_quarter;
        ++change[first];
        --change[std::max(last, first + 1)];
    }
    std::int64_t sounding = 0, at = 0;
    for (const auto& [step, delta] : change) {
        if (step > at) tally[static_cast<double>(sounding)] += std::min(step, steps) - at;
        at = step;
        sounding += delta;
    }
}

void count_bars(const std::vector<Bar>& bars, const std::vector<Note>& notes, int ticks_per_quarter,
                PieceStatistics& s) {
    std::size_t next = 0;
    for (const Bar& bar : bars) {
        std::int64_t in_bar = 0;
        const score::Ticks end = bar.onset + bar.length;
        for (; next < notes.size() && notes[next].onset < end; ++next) {
            ++s.bar_position[rounded_quarters(notes[next].onset - bar.onset, ticks_per_quarter)];
            ++in_bar;
        }
        const double quarters = static_cast<double>(bar.length.value) / ticks_per_quarter;
        ++s.density[std::round(4 * static_cast<double>(in_bar) / quarters) / 4];
        ++s.meters[meter_text(bar.meter)];
    }
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
    std::vector<Note> all, pitched;
    std::int64_t on_grid = 0;
    for (const Part& part : score.parts) {
        if (part.notes.empty()) continue;
        ++s.parts_with_notes;
        const std::string program =
            part.is_drums ? "Drums" : std::string(score::program_name(part.program));
        s.programs[program] += static_cast<std::int64_t>(part.notes.size());
        for (const Note& note : part.notes) {
            all.push_back(note);
            ++s.duration[rounded_quarters(note.duration, tpq)];
            ++s.velocity[note.velocity];
            ++s.roles[std::string(score::role_name(note.role))];
            on_grid += follows_beat(note.onset, tpq) ? 1 : 0;
            if (part.is_drums) {
                ++s.drum_notes;
                continue;
            }
            pitched.push_back(note);
            ++s.pitch[note.pitch];
            ++s.pitch_class[note.pitch % 12];
        }
        if (!part.is_drums) count_intervals(part, s.interval);
    }
    std::sort(all.begin(), all.end());
    count_polyphony(pitched, tpq, s.polyphony);
    count_bars(bars, all, tpq, s);
    for (const score::TempoChange& tempo : score.tempos)
        ++s.tempo[std::round(tempo.quarters_per_minute)];
    for (const score::BeatChord& beat : score::beat_chords(score))
        ++s.chords[std::string(kChordNames[static_cast<std::size_t>(beat.chord.quality)])];
    if (key_given && !pitched.empty())
        s.given_key_distance = fifths_between(key, score::estimate_key(score));
    s.on_grid_share =
        all.empty() ? 1 : static_cast<double>(on_grid) / static_cast<double>(all.size());
    s.bar_line_shift = bar_line_shift(score, bars);
    s.distinct_velocities = static_cast<int>(s.velocity.size());
    s.meter_given = !score.meters.empty();

    PieceSummary& summary = s.summary;
    summary.id = id;
    summary.title = score.title;
    summary.composer = score.composer;
    summary.notes = static_cast<std::int64_t>(all.size());
    summary.parts = static_cast<std::int64_t>(s.parts_with_notes);
    summary.bars = static_cast<std::int64_t>(bars.size());
    summary.quarters = score::to_quarters(score.end(), tpq).value;
    summary.seconds = score::duration_of(score).value;
    summary.key = key;
    summary.key_given = key_given;
    summary.meter = score.meters.empty() ? "" : meter_text(score.meters.front().meter);
    summary.has_drums = s.drum_notes > 0;
    return s;
}

}  // namespace symphony::corpus
