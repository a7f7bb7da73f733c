// Groups of pieces beside each other: by folder or by composer. Of each measure a group's median
// and its difference to the median of all other pieces, with bootstrap intervals (robust.h); of a
// few distributions the Jensen-Shannon distance to those of all other pieces.
#pragma once

#include "symphony/corpus/atlas/atlas.h"
#include "symphony/corpus/atlas/outliers.h"
#include "symphony/corpus/statistics.h"

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace symphony::corpus {

// The group a piece belongs to: the first folder of its id ("." if it lies in none); the composer
// as "Surname, I." so that spellings of given names fall together ("?" if none is given).
std::string group_of(const PieceSummary& piece, GroupBy by);

class GroupSums {
  public:
    explicit GroupSums(GroupBy by) : by_(by) {}
    // Pieces in the order in which their measures are given to compare().
    void add(const PieceStatistics& piece);
    Comparison compare(std::span<const PieceMeasures> pieces,
                       std::span<const MeasureRow> rows) const;

    static constexpr std::size_t kKinds = 6;

  private:
    // Counts of scale degrees, intervals, note lengths, chords, notes together, roles.
    using Counts = std::array<std::vector<std::int64_t>, kKinds>;
    struct Group {
        std::int64_t pieces = 0, notes = 0;
        Counts counts;
    };
    void compare_counts(const Group& group, GroupRow& row) const;

    GroupBy by_;
    std::map<std::string, std::uint32_t> numbers_;
    std::vector<Group> groups_;  // by number
    std::vector<std::uint32_t> of_piece_;
    Counts all_;
};

}  // namespace symphony::corpus
