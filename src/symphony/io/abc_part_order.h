// The order of parts that a P: field in the header of a tune gives: "ABA", "(AB)2C", "A.B3".
// Source: the ABC music standard 2.1, section 3.1.9, as abc2midi reads it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace symphony::io::abc {

inline constexpr std::size_t kMostPartsPlayed = 1000;

struct PartOrder {
    std::string labels;    // 'A' to 'Z', one for each time that a part is played
    bool was_cut = false;  // more than kMostPartsPlayed were asked for
};

// A number repeats the letter or the bracket before it; dots and spaces only part. Nothing for text
// that is no order.
std::optional<PartOrder> parse_part_order(std::string_view text);

}  // namespace symphony::io::abc
