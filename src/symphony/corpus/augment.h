// Transposition as augmentation: every key a piece could be played in by the instruments it is
// written for.
#pragma once

#include "symphony/score/score.h"

#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace symphony::corpus {

inline constexpr int kLowestTransposition = -5, kHighestTransposition = 6;

struct PitchRange {
    int low = score::kPitches, high = -1;
};

// The lowest and highest pitch that each kind of part has in a corpus. Parts of one name that many
// pieces share ("Soprano") are a kind; others are one by role and program.
class PartRanges {
  public:
    PartRanges() = default;
    explicit PartRanges(std::span<const score::Score* const> pieces);

    // Every transposition from -5 to +6 semitones that keeps each part inside the range of its
    // kind, in order; 0 is always among them. {0} for drums alone.
    std::vector<int> transpositions(const score::Score& piece) const;

    const std::map<std::string, PitchRange>& ranges() const { return ranges_; }

  private:
    friend class PartRangesLearner;
    std::string kind_of(const std::string& name, const std::string& player) const;

    std::set<std::string> shared_names_;
    std::map<std::string, PitchRange> ranges_;
};

// Learns the ranges piece by piece, in any order.
class PartRangesLearner {
  public:
    void add(const score::Score& piece);
    // What another one has seen.
    void merge(const PartRangesLearner& other);
    PartRanges finish() const;

  private:
    std::size_t pieces_ = 0;
    std::map<std::string, std::size_t> pieces_with_name_;
    // Of every name and player (role and program): which of the two is the kind is known at the
    // end.
    std::map<std::pair<std::string, std::string>, PitchRange> ranges_;
};

}  // namespace symphony::corpus
