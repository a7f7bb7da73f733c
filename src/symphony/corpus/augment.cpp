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

}  // namespace

PartRanges::PartRanges(std::span<const Score* const> pieces) : pieces_(pieces.size()) {
    for (const Score* piece : pieces) {
        std::set<std::string> names;
        for (const Part& part : piece->parts)
            if (is_pitched(part)) names.insert(name_of(part));
        for (const std::string& name : names) ++pieces_with_name_[name];
    }
    for (const Score* piece : pieces)
        for (const Part& part : piece->parts) {
            if (!is_pitched(part)) continue;
            const PitchRange own = range_of(part);
            PitchRange& range = ranges_[kind_of(part)];
            range.low = std::min(range.low, own.low);
            range.high = std::max(range.high, own.high);
        }
}

std::string PartRanges::kind_of(const Part& part) const {
    const std::string name = name_of(part);
    const auto found = pieces_with_name_.find(name);
    if (!name.empty() && found != pieces_with_name_.end() && found->second >= kFewestPieces &&
        found->second * kOnePieceIn >= pieces_)
        return "name " + name;
    return fmt::format("{} program {}", score::role_name(part.role), part.program);
}

std::vector<int> PartRanges::transpositions(const Score& piece) const {
    int lowest = kLowestTransposition, highest = kHighestTransposition;
    bool pitched = false;
    for (const Part& part : piece.parts) {
        if (!is_pitched(part)) continue;
        pitched = true;
        const auto range = ranges_.find(kind_of(part));
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
