// The page of `fidelity`: what each token scheme loses of a folder's music.
#pragma once

#include "symphony/base/progress.h"
#include "symphony/corpus/fidelity_audit.h"

#include <filesystem>
#include <string>

namespace symphony::view {

// One self-contained page. Needs gnuplot. Throws Error (kInput).
std::string format_fidelity_page(const corpus::FidelityReport& report,
                                 const std::filesystem::path& figures, base::Progress& progress);

// Writes the page to `path` and its figures to the folder figures/ beside it.
void write_fidelity_page(const corpus::FidelityReport& report, const std::filesystem::path& path,
                         base::Progress& progress);

}  // namespace symphony::view
