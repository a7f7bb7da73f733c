// Where stretches of one long sequence of symbols occur again: a suffix array asked by binary
// search (Manber and Myers, "Suffix arrays: a new method for on-line string searches", 1993).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace symphony::corpus {

// A symbol that no text has: nothing matches it.
inline constexpr std::uint32_t kForeignSymbol = static_cast<std::uint32_t>(-1);

class SequenceIndex {
  public:
    // Precondition: every symbol < alphabet, fewer than 2^31 symbols.
    SequenceIndex(std::vector<std::uint32_t> text, std::uint32_t alphabet);

    // How many symbols of the query's beginning occur together somewhere in the text, at most.
    std::size_t longest_prefix(std::span<const std::uint32_t> query) const;

    // Where all of the query occurs.
    struct Places {
        std::size_t count = 0;
        std::size_t first = 0;  // the smallest index into the text, if any
    };
    Places places(std::span<const std::uint32_t> query) const;
    bool contains(std::span<const std::uint32_t> query) const {
        return longest_prefix(query) == query.size();
    }

  private:
    struct Range {
        std::size_t begin = 0, end = 0;  // in the suffix array
    };
    Range bucket(std::uint32_t symbol) const;
    // Symbols that the query and the text from `place` begin with together, from the `known`th on.
    std::size_t common(std::span<const std::uint32_t> query, std::size_t place,
                       std::size_t known) const;

    std::vector<std::uint32_t> text_;
    std::vector<std::int32_t> order_;
    std::vector<std::uint32_t> bucket_begin_;  // in order_, by first symbol; one more at the end
};

}  // namespace symphony::corpus
