// The nine features of a piece by which Yang and Lerch compare sets ("On the evaluation of
// generative models in music", Neural Computing and Applications 2020; their toolbox: mgeval), each
// a vector. Drums are left out; neighbours are neighbours of one part.
#pragma once

#include "symphony/score/score.h"

#include <string>
#include <vector>

namespace symphony::evaluate {

struct PieceFeature {
    std::string name, title;
    // Histograms and matrices as shares that add up to 1, row by row; all zero, or zero, where the
    // piece has no such thing.
    std::vector<double> (*value)(const score::Score&);
};

// In the order of the paper: pitch count, pitch-class histogram, pitch-class transition matrix,
// pitch range, average interval, note count, average inter-onset interval (quarters), note-length
// histogram, note-length transition matrix.
const std::vector<PieceFeature>& piece_features();

// Classes of note lengths, as mgeval's: whole to sixteenth, the same dotted (half to sixteenth),
// and triplets of half, quarter and eighth. A length is of the nearest class, of two the longer.
inline constexpr int kNoteLengthClasses = 12;
int note_length_class(double quarters);

}  // namespace symphony::evaluate
