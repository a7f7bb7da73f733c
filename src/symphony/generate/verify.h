// Does a finished piece keep what was promised? Source: own.
#pragma once

#include "symphony/generate/law_walk.h"
#include "symphony/generate/rule_book.h"
#include "symphony/score/score.h"

#include <optional>
#include <string>
#include <vector>

namespace symphony::generate {

// What is promised of a piece besides its notes' laws.
struct Promise {
    RuleBook rules;
    std::optional<int> bars;
    std::optional<score::Key> key;
    std::optional<score::Meter> meter;
    std::optional<double> tempo_bpm;  // at the start
    std::optional<double> seconds;    // to the end of the last note
    Jurisdiction where;               // of the notes' laws; parts count those that play
    // Of each part that plays, in order; empty: as assign_roles finds them.
    std::vector<score::Role> roles;
};

// The first breach, bar by bar; none if all is kept. Throws Error (kUsage) for a rule that makes no
// sense, (kInput) if `roles` are not as many as the parts that play.
std::optional<Breach> first_breach(const score::Score& score, const Promise& promise);

}  // namespace symphony::generate
