// Small things about text that several floors need.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace symphony::base {

// The candidate with the smallest edit distance to `word`, or "" if none is near enough to be a
// slip of the hand.
std::string nearest_name(std::string_view word, std::span<const std::string> candidates);

std::string to_lower(std::string_view text);  // ASCII only
bool contains_ignoring_case(std::string_view text, std::string_view part);
std::vector<std::string> split(std::string_view text, char separator);
std::string trim(std::string_view text);
// &, <, >, " and ' as entities; control characters that XML forbids are dropped.
std::string escape_xml(std::string_view text);
bool is_utf8(std::string_view text);  // RFC 3629
std::string latin1_to_utf8(std::string_view text);
// `text` itself if it is valid UTF-8, else its bytes read as Latin-1. Where the origin matters see
// text_encoding.h.
std::string to_utf8(std::string_view text);

}  // namespace symphony::base
