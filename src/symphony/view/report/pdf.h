// Pages on paper, through headless Chromium where it is installed.
#pragma once

#include <filesystem>

namespace symphony::view {

// Throws Error (kInput) naming the package if no Chromium is there, or if it fails or takes longer
// than two minutes.
void print_to_pdf(const std::filesystem::path& page, const std::filesystem::path& pdf);

}  // namespace symphony::view
