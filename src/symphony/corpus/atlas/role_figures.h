// What melody, bass, harmony and drums do in one piece. Own counts; roles as docs/roles.md has
// them.
#pragma once

#include "symphony/corpus/atlas/tally.h"
#include "symphony/score/score.h"

#include <array>
#include <cstdint>
#include <span>

namespace symphony::corpus {

inline constexpr std::size_t kRoles = 5;  // of score::Role

struct RoleFigures {
    std::int64_t notes = 0;
    double sounding_quarters = 0;  // time in which at least one of its notes sounds
    double note_quarters = 0;      // length of all its notes
    double piece_quarters = 0;     // from 0 to the end of the piece; 0: the role is not in it
    Tally pitch;                   // drums: key numbers
    Tally interval;                // semitones between the top notes of its successive onsets
    bool operator==(const RoleFigures&) const = default;

    double density() const;     // notes per sounding quarter
    double polyphony() const;   // notes sounding together while it sounds
    double rest_share() const;  // of the piece's time, without it
};

// Adds another piece's, or another part's.
void add_figures(RoleFigures& sum, const RoleFigures& figures);

// By score::Role.
using FiguresByRole = std::array<RoleFigures, kRoles>;
// `all` notes of the score by onset.
FiguresByRole role_figures_of(const score::Score& score, std::span<const score::Note> all);

}  // namespace symphony::corpus
