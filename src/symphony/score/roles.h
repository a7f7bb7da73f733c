// Who sings, who carries the bass, who fills the harmony: a role for every note and part.
#pragma once

#include "symphony/score/score.h"

#include <string_view>

namespace symphony::score {

// Sets Part::role and Note::role everywhere. First what is known (drums, part and staff names,
// programs, notated voices), then a smooth path over time (continuity, register, rests) through
// what is left. Deterministic. Source: own; docs/roles.md has its measured quality.
void assign_roles(Score& score);

// The role a part's name says, kUnknown if it says none ("Soprano", "Voice", "Violoncello", "Bass",
// "Piano").
Role role_from_name(std::string_view name);

// The baseline: at every onset the highest sounding note is melody, the lowest bass, the rest
// harmony.
void assign_roles_skyline(Score& score);

}  // namespace symphony::score
