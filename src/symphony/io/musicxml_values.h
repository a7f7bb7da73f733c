// Reads the numbers that MusicXML elements hold, whatever the locale and whatever stands there.
#pragma once

#include <pugixml.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace symphony::io::musicxml {

// The element's own text without white space around it; empty for a missing element. A view into
// the document.
std::string_view text_of(const pugi::xml_node& node);

// A finite decimal number, nothing behind it; within +-1e9.
std::optional<double> parse_decimal(std::string_view text);
std::optional<long> parse_integer(std::string_view text);

// Element text as valid UTF-8 on one line, white space collapsed.
std::string line_of(std::string_view text);

}  // namespace symphony::io::musicxml
