// The metrics of MusPy, all of them in one pass: for comparing with figures that others published,
// and with MusPy itself. Source: Dong et al., "MusPy: a toolkit for symbolic music generation",
// ISMIR 2020 (muspy/metrics/metrics.py, 0.5.0); the same values on the same notes.
#pragma once

#include "symphony/score/score.h"

#include <array>
#include <cstddef>

namespace symphony::score {

inline constexpr std::size_t kMuspyMetrics = 14;

// In MusPy's words, in the order of its pages.
inline constexpr std::array<const char*, kMuspyMetrics> kMuspyMetricNames{
    "pitch_range",          "n_pitches_used",          "n_pitch_classes_used", "polyphony",
    "polyphony_rate",       "pitch_in_scale_rate",     "scale_consistency",    "pitch_entropy",
    "pitch_class_entropy",  "empty_beat_rate",         "empty_measure_rate",   "groove_consistency",
    "drum_in_pattern_rate", "drum_pattern_consistency"};

// NaN where MusPy has NaN. Time steps are the score's ticks, beats are quarters and measures four
// of them, whatever the metre; polyphony_rate counts steps with more than two pitches, the scale is
// C major, the drum pattern "duple". A time step sounds as long as notes do: lyrics and texts after
// the last note do not lengthen the piece, as they do in MusPy.
std::array<double, kMuspyMetrics> muspy_metrics(const Score& score);

}  // namespace symphony::score
