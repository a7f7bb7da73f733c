// Form by self-similarity: which bars are like which others. Each bar has a chroma vector (sounding
// time of the 12 pitch classes) and a rhythm vector (onsets at 24 places of the bar); two bars are
// as similar as the mean of the two cosines, 0 to 1. Müller, "Fundamentals of Music Processing",
// 2015, chapter 4.
#pragma once

#include "symphony/corpus/atlas/key_plan.h"
#include "symphony/corpus/atlas/tally.h"
#include "symphony/score/score.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace symphony::corpus {

inline constexpr std::size_t kRhythmPlaces = 24;
// Form is read in the first so many bars: the work grows with their square.
inline constexpr std::size_t kMostFormBars = 1024;
// A passage is repeated if at least so many bars in a row are this similar to later ones.
inline constexpr std::size_t kPassageBars = 4;
inline constexpr float kSameBar = 0.95f;

// Chroma and rhythm, each at length sqrt(1/2), so that a dot product is the similarity; then a
// place each that says there is no pitch or no onset (such bars are alike), then padding.
using BarFeature = std::array<float, 12 + kRhythmPlaces + 4>;

std::vector<BarFeature> bar_features(std::span<const score::Note> notes,
                                     std::span<const score::Bar> bars,
                                     std::span<const PitchClassWeights> by_bar);

// Of a whole piece.
std::vector<BarFeature> bar_features_of(const score::Score& score);

float similarity(const BarFeature& a, const BarFeature& b);

// Foote's novelty ("Automatic audio segmentation using a measure of audio novelty", ICME 2000): the
// self-similarity along the diagonal through a checkerboard kernel of `half` bars on each side with
// a Gaussian taper, divided by the kernel's own weight. Value b is of the border before bar b.
std::vector<double> novelty_curve(std::span<const BarFeature> bars, std::size_t half = 4);

// Borders of sections: peaks of the novelty curve above its mean plus one standard deviation, no
// two nearer than four bars. Bar indices, rising, without 0.
std::vector<std::int32_t> section_borders(std::span<const double> novelty);

struct FormStatistics {
    std::int64_t bars = 0;           // looked at
    std::int64_t repeated_bars = 0;  // of them, bars inside a passage that comes again or has come
    Tally passage_bars;              // length of the longest passages that repeat, one per lag
    std::vector<std::int32_t> borders;
    bool operator==(const FormStatistics&) const = default;

    Tally section_bars() const;  // lengths between borders, beginning and end
};

FormStatistics form_of(std::span<const BarFeature> bars);

}  // namespace symphony::corpus
