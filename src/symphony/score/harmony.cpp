#include "symphony/score/harmony.h"

#include "symphony/score/merge_runs.h"
#include "symphony/score/pitch_name.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <functional>

namespace symphony::score {
namespace {

struct Template {
    ChordQuality quality;
    std::uint16_t tones;  // bit i: the pitch class i semitones above the root
    const char* name;
    double prior;  // added to the match: of nearly equal readings the commoner chord is meant
};

constexpr std::uint16_t tones(std::initializer_list<int> semitones) {
    unsigned mask = 0;
    for (const int s : semitones) mask |= 1u << s;
    return static_cast<std::uint16_t>(mask);
}

// In order of ChordQuality.
constexpr std::array<Template, kChordQualities> kTemplates{{
    {ChordQuality::kNone, 0, "none", 0},
    {ChordQuality::kMajor, tones({0, 4, 7}), "maj", 0.03},
    {ChordQuality::kMinor, tones({0, 3, 7}), "min", 0.03},
    {ChordQuality::kDiminished, tones({0, 3, 6}), "dim", 0.01},
    {ChordQuality::kAugmented, tones({0, 4, 8}), "aug", 0},
    {ChordQuality::kDominant7, tones({0, 4, 7, 10}), "7", 0.02},
    {ChordQuality::kMajor7, tones({0, 4, 7, 11}), "maj7", 0.01},
    {ChordQuality::kMinor7, tones({0, 3, 7, 10}), "m7", 0.01},
    {ChordQuality::kHalfDiminished7, tones({0, 3, 6, 10}), "m7b5", 0.01},
    {ChordQuality::kDiminished7, tones({0, 3, 6, 9}), "dim7", 0.01},
    {ChordQuality::kSuspended4, tones({0, 5, 7}), "sus4", 0.01},
    {ChordQuality::kPower, tones({0, 7}), "5", 0},
}};

// Below this cosine between the sounding weights and the best template no chord is named.
constexpr double kLeastMatch = 0.6;
// Readings that match as well as each other; sums of the same weights differ by far less.
constexpr double kNearTie = 1e-9, kRounding = 1e-12;

// Krumhansl and Kessler's probe-tone ratings, from the tonic upwards.
constexpr std::array<double, 12> kMajorProfile{6.35, 2.23, 3.48, 2.33, 4.38, 4.09,
                                               2.52, 5.19, 2.39, 3.66, 2.29, 2.88};
constexpr std::array<double, 12> kMinorProfile{6.33, 2.68, 3.52, 5.38, 2.60, 3.53,
                                               2.54, 4.75, 3.98, 2.69, 3.34, 3.17};

// A profile less its mean, at unit length, turned to start at each of twelve tonics.
using TurnedProfiles = std::array<std::array<double, 12>, 12>;
TurnedProfiles turned(const std::array<double, 12>& profile) {
    double mean = 0, square = 0;
    for (const double v : profile) mean += v / 12;
    for (const double v : profile) square += (v - mean) * (v - mean);
    TurnedProfiles all;
    for (std::size_t tonic = 0; tonic < 12; ++tonic)
        for (std::size_t pc = 0; pc < 12; ++pc)
            all[tonic][pc] = (profile[(pc + 12 - tonic) % 12] - mean) / std::sqrt(square);
    return all;
}

struct Sounding {
    Ticks onset, end;
    int pitch;
};

std::vector<Sounding> pitched_notes(const Score& score) {
    std::vector<Sounding> notes;
    std::vector<std::size_t> begins;
    notes.reserve(score.note_count());
    for (const Part& part : score.parts) {
        if (part.is_drums || part.notes.empty()) continue;
        begins.push_back(notes.size());
        for (const Note& note : part.notes) notes.push_back({note.onset, note.end(), note.pitch});
    }
    merge_runs(notes, std::move(begins),
               [](const Sounding& a, const Sounding& b) { return a.onset < b.onset; });
    return notes;
}

// How a chord stands on its bass: 0 root position, 1 first inversion, ...; behind these, chords
// whose bass is no tone of theirs, by distance, so that the choice moves with a transposition.
constexpr int kWorstRank = 100;
int bass_rank(std::uint16_t chord_tones, int root, int bass) {
    if (bass < 0) return root;
    const int above = ((bass - root) % 12 + 12) % 12;
    if ((chord_tones >> above & 1u) == 0) return 10 + above;
    return std::popcount(chord_tones & ((1u << above) - 1u));
}

// The chord of [begin, end) from the notes that sound in it.
Chord chord_between(const std::vector<Sounding>& notes, Ticks begin, Ticks end) {
    std::array<double, 12> weight{};
    int lowest = kPitches, lowest_at_onset = kPitches;
    for (const Sounding& note : notes) {
        const Ticks from = std::max(note.onset, begin), to = std::min(note.end, end);
        if (to <= from) continue;
        weight[static_cast<std::size_t>(note.pitch % 12)] += static_cast<double>((to - from).value);
        lowest = std::min(lowest, note.pitch);
        if (from == begin) lowest_at_onset = std::min(lowest_at_onset, note.pitch);
    }
    if (lowest == kPitches) return {};
    // The bass is the lowest note as the beat begins: a passing note after it does not rename it.
    return match_chord(weight, (lowest_at_onset < kPitches ? lowest_at_onset : lowest) % 12);
}

}  // namespace

std::string Chord::name() const {
    if (quality == ChordQuality::kNone) return "none";
    return std::string(pitch_class_name(root % 12)) + ":" +
           kTemplates[static_cast<std::size_t>(quality)].name;
}

bool Chord::contains(int pitch_class) const {
    const int above = ((pitch_class - root) % 12 + 12) % 12;
    return (kTemplates[static_cast<std::size_t>(quality)].tones >> above & 1u) != 0;
}

Ticks harmonic_beat(Meter meter, int ticks_per_quarter) {
    const bool in_threes = meter.numerator % 3 == 0 && meter.denominator >= 8;
    const std::int64_t ticks = in_threes ? std::int64_t{12} * ticks_per_quarter / meter.denominator
                                         : std::int64_t{ticks_per_quarter};
    return Ticks(std::max<std::int64_t>(1, ticks));
}

Chord match_chord(const std::array<double, 12>& weight_by_pitch_class, int bass) {
    double norm = 0;
    for (const double w : weight_by_pitch_class) norm += w * w;
    if (norm <= 0) return {};
    // Two octaves side by side, so that no sum wraps around.
    std::array<double, 24> twice;
    std::copy(weight_by_pitch_class.begin(), weight_by_pitch_class.end(), twice.begin());
    std::copy(weight_by_pitch_class.begin(), weight_by_pitch_class.end(), twice.begin() + 12);
    // By how many tones a template has: its length, and the most that so many pitch classes weigh.
    std::array<double, 5> norm_of{}, heaviest{};
    std::array<double, 12> sorted = weight_by_pitch_class;
    std::partial_sort(sorted.begin(), sorted.begin() + 4, sorted.end(), std::greater<>());
    for (std::size_t size = 1; size < heaviest.size(); ++size) {
        norm_of[size] = std::sqrt(static_cast<double>(size) * norm);
        heaviest[size] = heaviest[size - 1] + sorted[size - 1];
    }
    Chord best;
    double best_match = kLeastMatch;
    int best_rank = kWorstRank;
    for (std::size_t q = 1; q < kTemplates.size(); ++q) {
        const auto size = static_cast<std::size_t>(std::popcount(kTemplates[q].tones));
        const double template_norm = norm_of[size];
        // No root can hold more than the heaviest pitch classes.
        if (heaviest[size] / template_norm + kTemplates[q].prior <
            best_match - kNearTie - kRounding)
            continue;
        // All twelve roots abreast, tone by tone, which the compiler turns into vectors.
        std::array<double, 12> match{};
        for (unsigned rest = kTemplates[q].tones; rest != 0; rest &= rest - 1) {
            const auto tone = static_cast<std::size_t>(std::countr_zero(rest));
            for (std::size_t root = 0; root < 12; ++root) match[root] += twice[root + tone];
        }
        for (double& m : match) m = m / template_norm + kTemplates[q].prior;
        for (int root = 0; root < 12; ++root) {
            const double here = match[static_cast<std::size_t>(root)];
            // Few readings come near the best, and only those need to know how they stand.
            if (here <= best_match - kNearTie) continue;
            const int rank = bass_rank(kTemplates[q].tones, root, bass);
            if (here > best_match + kNearTie || rank < best_rank) {
                best = {static_cast<std::uint8_t>(root), kTemplates[q].quality};
                best_match = std::max(best_match, here);
                best_rank = rank;
            }
        }
    }
    return best;
}

std::vector<BeatChord> beat_chords(const Score& score) {
    const std::vector<Sounding> notes = pitched_notes(score);
    std::vector<BeatChord> beats;
    std::vector<Sounding> active;  // those that may sound in the current beat
    std::size_t next = 0;
    for (const Bar& bar : bars_of(score)) {
        const Ticks step = harmonic_beat(bar.meter, score.ticks_per_quarter);
        const Ticks bar_end = bar.onset + bar.length;
        for (Ticks onset = bar.onset; onset < bar_end; onset += step) {
            const Ticks end = std::min(onset + step, bar_end);
            while (next < notes.size() && notes[next].onset < end) active.push_back(notes[next++]);
            std::erase_if(active, [&](const Sounding& note) { return note.end <= onset; });
            beats.push_back({onset, end - onset, chord_between(active, onset, end)});
        }
    }
    return beats;
}

std::array<double, 24> key_correlations(const std::array<double, 12>& weight_by_pitch_class) {
    static const TurnedProfiles major = turned(kMajorProfile), minor = turned(kMinorProfile);
    double mean = 0, square = 0;
    for (const double w : weight_by_pitch_class) mean += w / 12;
    for (const double w : weight_by_pitch_class) square += (w - mean) * (w - mean);
    std::array<double, 24> match{};
    if (square <= 0) return match;
    for (std::size_t up = 0; up < 12; ++up) {
        double to_major = 0, to_minor = 0;
        for (std::size_t pc = 0; pc < 12; ++pc) {
            to_major += weight_by_pitch_class[pc] * major[up][pc];
            to_minor += weight_by_pitch_class[pc] * minor[(up + 9) % 12][pc];
        }
        match[2 * up] = to_major / std::sqrt(square);
        match[2 * up + 1] = to_minor / std::sqrt(square);
    }
    return match;
}

Key key_of_correlation(std::size_t index) {
    // As many fifths' worth of sharps as the major tonic is semitones up times 7, in -6..5.
    const int up = static_cast<int>(index / 2);
    return {static_cast<std::int8_t>((up * 7 + 6) % 12 - 6), index % 2 == 1};
}

Key estimate_key(const Score& score) {
    std::array<double, 12> weight{};
    for (const Part& part : score.parts) {
        if (part.is_drums) continue;
        for (const Note& note : part.notes)
            weight[note.pitch % 12] +=
                static_cast<double>(note.duration.value) / score.ticks_per_quarter;
    }
    const std::array<double, 24> match = key_correlations(weight);
    double best = 0;
    Key key;
    for (std::size_t k = 0; k < match.size(); ++k) {
        if (match[k] <= best + 1e-9) continue;
        best = match[k];
        key = key_of_correlation(k);
    }
    return key;
}

}  // namespace symphony::score
