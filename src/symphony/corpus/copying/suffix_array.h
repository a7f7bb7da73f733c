// Suffix array of a sequence over an integer alphabet: the starts of its suffixes in lexicographic
// order. Linear time: Nong, Zhang and Chan, "Two efficient algorithms for linear time suffix array
// construction", IEEE Transactions on Computers 2011 (SA-IS).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace symphony::corpus {

// A suffix that is a prefix of another comes first. Preconditions: every symbol < alphabet, fewer
// than 2^31 symbols.
std::vector<std::int32_t> suffix_array(std::span<const std::uint32_t> text, std::uint32_t alphabet);

}  // namespace symphony::corpus
