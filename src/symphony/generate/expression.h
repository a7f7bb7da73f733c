// Plays a take as a musician might where the model learned no dynamics: a stated rule over velocity
// and tempo, seeded. It is applied last, for listening; statistics never see it. Source: own, after
// the rules of Friberg, Bresin and Sundberg, "Overview of the KTH rule system for musical
// performance", Advances in Cognitive Psychology 2006 (phrase arch, metric accent, final
// ritardando).
#pragma once

#include "symphony/score/score.h"

#include <cstdint>
#include <optional>
#include <string>

namespace symphony::generate {

enum class Expression { kPlain, kGentle };
// Throws Error (kUsage) for another name than "plain" and "gentle".
Expression expression_from_name(const std::string& name);

// What the user asked of the time a piece takes.
struct Pace {
    std::optional<double> tempo_bpm;  // holds unless the score's tempo changes
    std::optional<double> seconds;    // the whole piece, to the end of its last note
};

struct ExpressionOptions {
    Expression rule = Expression::kGentle;
    Pace asked;
    std::optional<double> corpus_tempo_bpm;  // the corpus's own default
    std::uint64_t seed = 1;
    std::uint64_t take = 0;
};

struct Performance {
    score::Score score;
    std::string velocity_rule;  // in words, for the provenance
    std::string tempo_rule;
};

// A score without tempo gets the asked one, else the corpus's own, else a stated 90. Velocities are
// shaped only where all notes have the same one, the tempo only where it never changes. Where a
// length in seconds is asked for, all tempos are then changed in proportion to it.
Performance perform(const score::Score& score, const ExpressionOptions& options);

}  // namespace symphony::generate
