// The atlas's part of explore's page: keys and chords, metre, form, roles, groups, pieces apart.
#pragma once

#include "symphony/base/progress.h"
#include "symphony/corpus/report.h"
#include "symphony/view/explore_page.h"
#include "symphony/view/html.h"

#include <filesystem>
#include <span>
#include <string>

namespace symphony::view {

// Where charts are drawn, and by how many threads.
struct Drawing {
    std::filesystem::path figures;
    int threads = 0;
    base::Progress* progress = nullptr;
};

std::string harmony_section(const corpus::Atlas& atlas, const Drawing& drawing);
std::string metre_section(const corpus::Atlas& atlas, const Drawing& drawing);
// `examples`: pieces whose matrix of likeness is drawn.
std::string form_section(const corpus::Atlas& atlas, std::span<const ExamplePiece> examples,
                         const Drawing& drawing);
std::string roles_section(const corpus::Atlas& atlas, const Drawing& drawing);
// Empty where pieces are not compared.
std::string groups_section(const corpus::Comparison& comparison, const corpus::Atlas& atlas,
                           const Drawing& drawing);
// `examples`: the first of the outliers, as rolls.
std::string outliers_section(const corpus::Atlas& atlas, std::span<const ExamplePiece> examples);
std::string measures_section(const corpus::Atlas& atlas);

}  // namespace symphony::view
