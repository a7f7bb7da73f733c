// Tallies of the atlas over all pieces: keys, cadences, metre, form and roles.
#pragma once

#include "symphony/corpus/atlas/atlas.h"
#include "symphony/corpus/atlas/outliers.h"
#include "symphony/corpus/statistics.h"

#include <array>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace symphony::corpus {

struct AtlasSums {
    NameTally key_degrees, modulations, key_plans, cadences;
    std::map<std::string, Tally> onset_profiles;
    Tally swing, section_bars, passage_bars;
    FiguresByRole roles;
    std::array<std::int64_t, kRoles> pieces_with_role{};

    void add(const PieceStatistics& piece);
    // As Atlas::distributions lists them; `pieces` for those of a measure.
    std::vector<Distribution> distributions(std::span<const PieceMeasures> pieces) const;
    std::vector<RoleRow> role_rows() const;
};

}  // namespace symphony::corpus
