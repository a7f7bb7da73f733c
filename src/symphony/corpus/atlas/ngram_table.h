// The commonest chord progressions: n-grams (n = 2..4) of Roman numerals, counted apart in major
// and minor. Memory is bounded by lossy counting (Manku and Motwani, "Approximate frequency counts
// over data streams", VLDB 2002): once there are too many, the rarest are forgotten, and how much a
// count can miss is known.
#pragma once

#include "symphony/corpus/atlas/atlas.h"
#include "symphony/corpus/atlas/progression.h"

#include <array>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace symphony::corpus {

class NgramTable {
  public:
    static constexpr int kShortest = 2, kLongest = 4;
    static constexpr std::size_t kPlaces = 3;  // examples kept of each

    explicit NgramTable(std::size_t most_entries = 400000) : most_entries_(most_entries) {}

    // `piece` is the number by which the piece is known to finish.
    void add(std::span<const Progression> progressions, std::uint32_t piece);

    // The `rows` commonest of each mode and length, major first. `ids` by piece number.
    std::vector<ProgressionRow> rows(std::size_t rows, std::span<const std::string> ids) const;
    // No count misses more than this many.
    std::int64_t most_missed() const { return forgotten_; }

  private:
    struct Place {
        std::uint32_t piece = 0, times = 0;
        std::int32_t bar = 0;
    };
    struct Entry {
        std::int64_t count = 0, pieces = 0;
        std::array<Place, kPlaces> places{};  // most times first; times 0: none
    };
    void forget_rarest();

    std::size_t most_entries_;
    std::unordered_map<std::uint64_t, Entry> entries_;
    std::array<std::array<std::int64_t, kLongest + 1>, 2> totals_{};  // by minor, n
    std::int64_t forgotten_ = 0;
};

}  // namespace symphony::corpus
