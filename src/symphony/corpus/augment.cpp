#include "symphony/corpus/augment.h"

#include "symphony/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace symphony::corpus {
namespace {

using score::Part;
using score::Score;

// A part's name is a kind of its own if one piece in so many has it, and at least so many pieces.
constexpr std::size_t kOnePieceIn = 10, kFewestPieces = 5;

std::string name_of(const Part& part) { return base::to_lower(base::trim(part.name)); }

PitchRange range_of(const Part& part) {
    PitchRange range;
    for (const score::Note& note : part.notes) {
        range.low = std::min<int>(range.low, note.pitch);
        range.high = std::max<int>(range.high, note.pitch);
    }
    return range;
}

bool is_pitched(const Part& part) { return !part.is_drums && !part.notes.empty(); }

std::string player_of(const Part& part) {
    return fmt::format("{} program {}", score::role_name(part.role), part.program);
}

void widen(PitchRange& range, const PitchRange& by) {
    range.low = std::min(range.low, by.low);
    range.high = std::max(range.high, by.high);
}

}  // namespace

void PartRangesLearner::add(const Score& piece) {
    ++pieces_;
    std::set<std::string> names;
    for (const Part& part : piece.parts) {
        if (!is_pitched(part)) continue;
        const std::string name = name_of(part);
        names.insert(name);
        widen(ranges_[{name, player_of(part)}], range_of(part));
    }
    for (const std::string& name : names) ++pieces_with_name_[name];
}

void PartRangesLearner::merge(const PartRangesLearner& other) {
    pieces_ += other.pieces_;
    for (const auto& [name, pieces] : other.pieces_with_name_) pieces_with_name_[name] += pieces;
    for (const auto& [part, range] : other.ranges_) widen(ranges_[part], range);
}

PartRanges PartRangesLearner::finish() const {
    PartRanges ranges;
    for (const auto& [name, pieces] : pieces_with_name_)
        if (!name.empty() && pieces >= kFewestPieces && pieces * kOnePieceIn >= pieces_)
            ranges.shared_names_.insert(name);
    for (const auto& [part, range] : ranges_)
        widen(ranges.ranges_[ranges.kind_of(part.first, part.second)], range);
    return ranges;
}

PartRanges::PartRanges(std::span<const Score* const> pieces) {
    PartRangesLearner learner;
    for (const Score* piece : pieces) learner.add(*piece);
    *this = learner.finish();
}

std::string PartRanges::kind_of(const std::string& name, const std::string& player) const {
    return shared_names_.contains(name) ? "name " + name : player;
}

std::vector<int> PartRanges::transpositions(const Score& piece) const {
    int lowest = kLowestTransposition, highest = kHighestTransposition;
    bool pitched = false;
    for (const Part& part : piece.parts) {
        if (!is_pitched(part)) continue;
        pitched = true;
        const auto range = ranges_.find(kind_of(name_of(part), player_of(part)));
        if (range == ranges_.end()) return {0};
        const PitchRange own = range_of(part);
        lowest = std::max(lowest, range->second.low - own.low);
        highest = std::min(highest, range->second.high - own.high);
    }
    std::vector<int> semitones;
    if (!pitched) return {0};
    for (int t = kLowestTransposition; t <= kHighestTransposition; ++t)
        if (t == 0 || (lowest <= t && t <= highest)) semitones.push_back(t);
    return semitones;
}

}  // namespace symphony::corpus
