// A drawing made for a file of its own, made fit to stand in a page beside others.
#pragma once

#include <string>
#include <string_view>

namespace symphony::view {

// Parses `svg`, drops what runs, loads or is not needed (scripts, event attributes, links to
// elsewhere, unused definitions, empty groups, fonts, the white background), begins every id with
// `prefix`, turns the house colours into CSS variables and adds role, aria-label (`label`) and
// <title>. Throws Error (kInternal) if it is no SVG.
std::string page_svg(std::string_view svg, std::string_view prefix, std::string_view label);

}  // namespace symphony::view
