// Numbers and names in MusicXML elements. Source: MusicXML 4.0, common.mod data types.
#include "symphony/io/musicxml_values.h"

#include "symphony/base/text.h"

#include <charconv>
#include <cmath>

namespace symphony::io::musicxml {
namespace {

constexpr bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

}  // namespace

std::string_view text_of(const pugi::xml_node& node) { return trimmed(node.child_value()); }

std::optional<double> parse_decimal(std::string_view text) {
    text = trimmed(text);
    if (!text.empty() && text.front() == '+') text.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    if (!std::isfinite(value) || std::abs(value) > 1e9) return std::nullopt;
    return value;
}

std::optional<long> parse_integer(std::string_view text) {
    const auto value = parse_decimal(text);
    if (!value || *value != std::floor(*value)) return std::nullopt;
    return static_cast<long>(*value);
}

std::string line_of(std::string_view text) {
    std::string line;
    for (const char c : trimmed(text)) {
        const bool space = is_space(c);
        if (space && !line.empty() && line.back() == ' ') continue;
        line += space ? ' ' : c;
    }
    return base::to_utf8(line);
}

}  // namespace symphony::io::musicxml
