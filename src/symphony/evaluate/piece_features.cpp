#include "symphony/evaluate/piece_features.h"

#include "symphony/evaluate/metrics/metrics.h"
#include "symphony/evaluate/music_statistics.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cmath>

namespace symphony::evaluate {
namespace {

using score::Note;
using score::Score;

constexpr std::size_t kPitchClasses = 12;

std::vector<double> as_shares(std::vector<double> counts) {
    double sum = 0;
    for (const double count : counts) sum += count;
    if (sum > 0)
        for (double& count : counts) count /= sum;
    return counts;
}

// visit(note, next note of its part)
template <class Visit>
void for_each_pair(const Score& score, Visit visit) {
    for (const score::Part& part : score.parts)
        if (!part.is_drums)
            for (std::size_t n = 0; n + 1 < part.notes.size(); ++n)
                visit(part.notes[n], part.notes[n + 1]);
}

double quarters(const Score& score, score::Ticks ticks) {
    return static_cast<double>(ticks.value) / score.ticks_per_quarter;
}

std::size_t length_class(const Score& score, const Note& note) {
    return static_cast<std::size_t>(note_length_class(quarters(score, note.duration)));
}

std::vector<double> pitch_count(const Score& score) {
    std::bitset<score::kPitches> used;
    for (const Note& note : pitched_notes(score)) used.set(note.pitch);
    return {static_cast<double>(used.count())};
}

std::vector<double> pitch_class_histogram(const Score& score) {
    std::vector<double> counts(kPitchClasses, 0);
    for (const Note& note : pitched_notes(score)) ++counts[note.pitch % kPitchClasses];
    return as_shares(std::move(counts));
}

std::vector<double> pitch_class_transitions(const Score& score) {
    std::vector<double> counts(kPitchClasses * kPitchClasses, 0);
    for_each_pair(score, [&](const Note& a, const Note& b) {
        ++counts[a.pitch % kPitchClasses * kPitchClasses + b.pitch % kPitchClasses];
    });
    return as_shares(std::move(counts));
}

std::vector<double> range_of_pitches(const Score& score) {
    const double range = pitch_range(score);
    return {std::isnan(range) ? 0 : range};
}

std::vector<double> average_interval(const Score& score) {
    double sum = 0, pairs = 0;
    for_each_pair(score, [&](const Note& a, const Note& b) {
        sum += std::abs(int{b.pitch} - int{a.pitch});
        ++pairs;
    });
    return {pairs > 0 ? sum / pairs : 0};
}

std::vector<double> note_count(const Score& score) {
    return {static_cast<double>(pitched_notes(score).size())};
}

std::vector<double> average_inter_onset(const Score& score) {
    double sum = 0, pairs = 0;
    for_each_pair(score, [&](const Note& a, const Note& b) {
        sum += quarters(score, b.onset - a.onset);
        ++pairs;
    });
    return {pairs > 0 ? sum / pairs : 0};
}

std::vector<double> note_length_histogram(const Score& score) {
    std::vector<double> counts(kNoteLengthClasses, 0);
    for (const Note& note : pitched_notes(score)) ++counts[length_class(score, note)];
    return as_shares(std::move(counts));
}

std::vector<double> note_length_transitions(const Score& score) {
    std::vector<double> counts(std::size_t{kNoteLengthClasses} * kNoteLengthClasses, 0);
    for_each_pair(score, [&](const Note& a, const Note& b) {
        ++counts[length_class(score, a) * kNoteLengthClasses + length_class(score, b)];
    });
    return as_shares(std::move(counts));
}

}  // namespace

int note_length_class(double quarters) {
    static constexpr std::array<double, kNoteLengthClasses> kLengths = {
        4, 2, 1, 0.5, 0.25, 3, 1.5, 0.75, 0.375, 4.0 / 3, 2.0 / 3, 1.0 / 3};
    int best = 0;
    for (int c = 1; c < kNoteLengthClasses; ++c) {
        const double here = kLengths[static_cast<std::size_t>(c)],
                     there = kLengths[static_cast<std::size_t>(best)];
        const double off = std::abs(here - quarters), least = std::abs(there - quarters);
        if (off < least || (off == least && here > there)) best = c;
    }
    return best;
}

const std::vector<PieceFeature>& piece_features() {
    static const std::vector<PieceFeature> features = {
        {"pitch-count", "pitch count", pitch_count},
        {"pitch-class-histogram", "pitch-class histogram", pitch_class_histogram},
        {"pitch-class-transitions", "pitch-class transitions", pitch_class_transitions},
        {"pitch-range", "pitch range", range_of_pitches},
        {"average-interval", "average interval", average_interval},
        {"note-count", "note count", note_count},
        {"average-inter-onset", "average inter-onset interval", average_inter_onset},
        {"note-length-histogram", "note-length histogram", note_length_histogram},
        {"note-length-transitions", "note-length transitions", note_length_transitions},
    };
    return features;
}

}  // namespace symphony::evaluate
