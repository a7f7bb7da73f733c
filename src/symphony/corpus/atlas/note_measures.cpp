#include "symphony/corpus/atlas/note_measures.h"

#include "symphony/base/entropy.h"
#include "symphony/corpus/statistics.h"
#include "symphony/score/beat.h"
#include "symphony/score/note_measures.h"
#include "symphony/score/time_map.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace symphony::corpus {
namespace {

using score::Bar;
using score::Note;
using score::Ticks;

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();
constexpr int kGroovePlacesPerQuarter = 12;
constexpr int kLeap = 3;  // semitones: more than a whole step

double ratio(double part, double whole) { return whole > 0 ? part / whole : kUndefined; }
double ratio(std::int64_t part, std::int64_t whole) {
    return ratio(static_cast<double>(part), static_cast<double>(whole));
}

double mean_of(const Tally& tally) {
    double sum = 0;
    for (const auto& [value, count] : tally) sum += value * static_cast<double>(count);
    return ratio(sum, static_cast<double>(total_of(tally)));
}

// Merged stretches of time in which any of the notes sounds.
std::vector<std::pair<Ticks, Ticks>> sounding_stretches(std::span<const Note> notes) {
    std::vector<std::pair<Ticks, Ticks>> stretches;
    for (const Note& note : notes) {
        if (stretches.empty() || stretches.back().second < note.onset)
            stretches.emplace_back(note.onset, note.end());
        else
            stretches.back().second = std::max(stretches.back().second, note.end());
    }
    return stretches;
}

struct EmptyTime {
    std::int64_t beats = 0, empty_beats = 0, empty_bars = 0;
};

EmptyTime empty_time(std::span<const Note> all, std::span<const Bar> bars, int ticks_per_quarter) {
    const auto stretches = sounding_stretches(all);
    EmptyTime empty;
    std::size_t next = 0;
    // Does anything sound in [from, to)? Times asked for rise.
    const auto sounds = [&](Ticks from, Ticks to) {
        while (next < stretches.size() && stretches[next].second <= from) ++next;
        return next < stretches.size() && stretches[next].first < to;
    };
    for (const Bar& bar : bars) {
        const Ticks end = bar.onset + bar.length;
        const Ticks beat = score::beat_length(bar.meter, ticks_per_quarter);
        bool any = false;
        for (Ticks at = bar.onset; at < end; at += beat) {
            const bool here = sounds(at, std::min(at + beat, end));
            ++empty.beats;
            empty.empty_beats += here ? 0 : 1;
            any = any || here;
        }
        empty.empty_bars += any ? 0 : 1;
    }
    return empty;
}

double scale_consistency_of(const Tally& pitch_class) {
    score::PitchClassCounts counts{};
    for (const auto& [value, count] : pitch_class) counts[static_cast<std::size_t>(value)] = count;
    return score::scale_consistency(counts);
}

double groove_of(std::span<const Note> notes, std::span<const Bar> bars, int ticks_per_quarter) {
    return score::groove_consistency(
        score::onset_places(notes, ticks_per_quarter, kGroovePlacesPerQuarter),
        score::place_bars(bars, ticks_per_quarter, kGroovePlacesPerQuarter));
}

double tempo_of(const score::Score& score) {
    const double seconds = score::duration_of(score).value;
    const double quarters = score::to_quarters(score.end(), score.ticks_per_quarter).value;
    return score.tempos.empty() ? kUndefined : ratio(60 * quarters, seconds);
}

double velocity_spread(const Tally& velocity) {
    const double mean = mean_of(velocity);
    double square = 0;
    for (const auto& [value, count] : velocity)
        square += (value - mean) * (value - mean) * static_cast<double>(count);
    return std::sqrt(ratio(square, static_cast<double>(total_of(velocity))));
}

void set_harmony(const PieceStatistics& piece, const auto& set) {
    if (piece.keys.regions.empty()) return;
    const score::Key home = home_key(piece.keys);
    std::int64_t bars = 0, at_home = 0;
    for (const KeyRegion& region : piece.keys.regions) {
        bars += region.bars;
        at_home += region.key == home ? region.bars : 0;
    }
    std::array<std::int64_t, std::size_t{12} * score::kChordQualities> kinds{};
    std::int64_t chords = 0, diatonic = 0;
    for (const Progression& progression : piece.progressions)
        for (const RomanChord& chord : progression.chords) {
            ++kinds[std::size_t{chord.degree} * score::kChordQualities +
                    static_cast<std::size_t>(chord.quality)];
            ++chords;
            diatonic += is_diatonic(chord, progression.minor) ? 1 : 0;
        }
    set(Measure::kKeyClarity, piece.keys.clarity);
    set(Measure::kHomeKeyShare, ratio(at_home, bars));
    set(Measure::kKeyChanges,
        ratio(100 * static_cast<double>(piece.keys.regions.size() - 1), static_cast<double>(bars)));
    set(Measure::kChordChanges, ratio(chords, bars));
    set(Measure::kChordEntropy, chords > 0 ? base::entropy_bits(kinds) : kUndefined);
    set(Measure::kDiatonicChords, ratio(diatonic, chords));
}

void set_melody(const PieceStatistics& piece, const auto& set) {
    std::int64_t steps = 0, leaps = 0;
    double sum = 0;
    for (const auto& [interval, count] : piece.interval) {
        steps += count;
        sum += std::abs(interval) * static_cast<double>(count);
        leaps += std::abs(interval) >= kLeap ? count : 0;
    }
    set(Measure::kMeanInterval, ratio(sum, static_cast<double>(steps)));
    set(Measure::kLeapShare, ratio(leaps, steps));
}

}  // namespace

Measures measures_of(const score::Score& score, std::span<const Note> all,
                     std::span<const Note> pitched, std::span<const std::int64_t> ends,
                     std::span<const Bar> bars, const PieceStatistics& piece) {
    Measures measures;
    measures.fill(kUndefined);
    const auto set = [&](Measure measure, double value) {
        measures[static_cast<std::size_t>(measure)] = value;
    };
    if (all.empty()) return measures;
    const double end_quarters = piece.summary.quarters;
    set(Measure::kLengthBars, static_cast<double>(bars.size()));
    set(Measure::kParts, static_cast<double>(piece.parts_with_notes));
    set(Measure::kNotesPerQuarter, ratio(static_cast<double>(all.size()), end_quarters));
    set(Measure::kNoteLength, mean_of(piece.duration));
    set(Measure::kLengthEntropy, entropy_bits(piece.duration));
    if (!pitched.empty()) {
        set(Measure::kPitchRange, piece.pitch.rbegin()->first - piece.pitch.begin()->first);
        set(Measure::kPitches, static_cast<double>(piece.pitch.size()));
        set(Measure::kPitchEntropy, entropy_bits(piece.pitch));
        set(Measure::kPitchClassEntropy, entropy_bits(piece.pitch_class));
        set(Measure::kScaleConsistency, scale_consistency_of(piece.pitch_class));
        const score::SoundingTime time = score::sounding_time(pitched, ends);
        double ticks = 0;
        for (const Note& note : pitched) ticks += static_cast<double>(note.duration.value);
        set(Measure::kPolyphony, ratio(ticks, static_cast<double>(time.one + time.more)));
        set(Measure::kPolyphonyRate, ratio(time.more, score.end().value));
    }
    set_harmony(piece, set);
    set_melody(piece, set);
    set(Measure::kGroove, groove_of(all, bars, score.ticks_per_quarter));
    set(Measure::kSyncopation, piece.rhythm.syncopation());
    set(Measure::kTripletShare, piece.rhythm.triplet_share());
    set(Measure::kOffGrid, 1 - piece.on_grid_share);
    const EmptyTime empty = empty_time(all, bars, score.ticks_per_quarter);
    set(Measure::kEmptyBeats, ratio(empty.empty_beats, empty.beats));
    set(Measure::kEmptyBars, ratio(empty.empty_bars, static_cast<std::int64_t>(bars.size())));
    std::int64_t on_sixteenths = 0;
    for (const score::Part& part : score.parts)
        if (part.is_drums)
            for (const Note& note : part.notes)
                on_sixteenths += note.onset.value * 4 % score.ticks_per_quarter == 0 ? 1 : 0;
    set(Measure::kDrumsOnSixteenths, ratio(on_sixteenths, piece.drum_notes));
    set(Measure::kRepeatedBars, ratio(piece.form.repeated_bars, piece.form.bars));
    set(Measure::kSectionBars, percentile_of(piece.form.section_bars(), 0.5));
    set(Measure::kTempo, tempo_of(score));
    set(Measure::kVelocitySpread, velocity_spread(piece.velocity));
    return measures;
}

}  // namespace symphony::corpus
