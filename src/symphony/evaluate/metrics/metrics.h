// The metrics of music_statistics.h, one file per family. Each takes a score of any resolution and
// gives kUndefined where the piece has no such value. Drums are left out unless said otherwise.
#pragma once

#include "symphony/score/score.h"

#include <array>
#include <vector>

namespace symphony::evaluate {

// pitch.cpp
// Entropy in bits of the histogram of note onsets over the 12 pitch classes: 0 to log2 12 = 3.585.
double pitch_class_entropy(const score::Score& score);
// The best share, over all 24 major and natural minor scales, of notes that lie in the scale.
double scale_consistency(const score::Score& score);
// Highest less lowest pitch, in semitones.
double pitch_range(const score::Score& score);

// rhythm.cpp
// MusPy's groove consistency at 12 steps a quarter and bars of 4 quarters whatever the metre, drums
// included: 1 - (mean share of steps at which two neighbouring bars differ in having an onset).
double groove_consistency(const score::Score& score);
// The same on the piece's own bars: neighbours of equal length only.
double groove_consistency_of_bars(const score::Score& score);
// Notes per quarter, from the first onset to the last end.
double note_density(const score::Score& score);
// Mean length of a note in quarters.
double mean_note_length(const score::Score& score);

// texture.cpp
// Mean number of notes sounding while any sounds, weighted by time.
double polyphony(const score::Score& score);
// Share of the time, from the first onset to the last end, in which every pitched part sounds,
// those without any note included.
double parts_sounding(const score::Score& score);

// form.cpp
// Distinct sequences of four (interval, length) steps inside a part, as a share of all of them.
double distinct_ngrams(const score::Score& score);
// Total variation distance (0 to 1) between the duration-weighted pitch classes of the first and
// the last four bars; undefined under eight bars.
double tonal_drift(const score::Score& score);
// Mean similarity of all pairs of bars (bar_similarity.h).
double similarity_of_bars(const score::Score& score);
// 1 if the notes that end last form a triad on the tonic (major or minor; the fifth may be missing)
// with the tonic in the bass, else 0. The tonic is that of the last key given, else estimated.
double closes_on_tonic(const score::Score& score);

// Notes of all parts but drums, by onset.
std::vector<score::Note> pitched_notes(const score::Score& score);
// Sounding ticks of each pitch class in [begin, end).
std::array<double, 12> pitch_class_ticks(const score::Score& score, score::Ticks begin,
                                         score::Ticks end);

}  // namespace symphony::evaluate
