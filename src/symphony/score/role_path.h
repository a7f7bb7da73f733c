// One line (a melody or a bass) through polyphonic notes: the path with the greatest sum of linear
// scores over its notes and the steps between them, found by dynamic programming. Mirrored, the
// same model follows the bass from below. Source: own; the weights are learned by an averaged
// structured perceptron (Collins, "Discriminative training methods for hidden Markov models",
// EMNLP 2002) in tools/measure_roles.cpp; docs/roles.md says on what and how well.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace symphony::score {

// A note as the path sees it; times in quarters. Sorted by onset, then pitch.
struct PathNote {
    double onset = 0;
    double duration = 1;
    int pitch = 60;
    bool in_other_staff = false;  // known to lie in the hand that seldom carries this line

    double end() const { return onset + duration; }
};

inline constexpr std::size_t kNoteFeatures = 36;
inline constexpr std::size_t kStepFeatures = 14;
using NoteFeatures = std::array<double, kNoteFeatures>;
using StepFeatures = std::array<double, kStepFeatures>;

struct PathWeights {
    NoteFeatures note{};
    StepFeatures step{};
};

// Learned weights; those of the bass are for mirrored pitches.
const PathWeights& melody_weights();
const PathWeights& bass_weights();

inline constexpr double kLongestStep = 4;  // quarters of silence after which a line starts anew

// What the weights weigh. `mirrored` turns pitches upside down. Linear in notes times polyphony.
std::vector<NoteFeatures> note_features(std::span<const PathNote> notes, bool mirrored);
StepFeatures step_features(const PathNote& from, const PathNote& to);

// The indices of the best path, ascending; may be empty. Notes of the path do not overlap by more
// than an eighth of a quarter. `bonus` (empty, or one a note) is added to the notes' scores.
std::vector<std::size_t> best_path(std::span<const PathNote> notes, const PathWeights& weights,
                                   bool mirrored, std::span<const double> bonus = {});

}  // namespace symphony::score
