#include "symphony/corpus/atlas/tally.h"

#include "symphony/base/entropy.h"

namespace symphony::corpus {

double percentile_of(const Tally& tally, double share) {
    const std::int64_t total = total_of(tally);
    std::int64_t seen = 0;
    for (const auto& [value, count] : tally) {
        seen += count;
        if (static_cast<double>(seen) >= share * static_cast<double>(total)) return value;
    }
    return 0;
}

double entropy_bits(const Tally& tally) {
    return base::entropy_bits(tally, static_cast<double>(total_of(tally)),
                              [](const auto& entry) { return entry.second; });
}

std::int64_t WholeCounts::operator[](std::int64_t value) const {
    const auto at = static_cast<std::uint64_t>(value - low_);
    if (at < dense_.size()) return dense_[at];
    const auto it = rest_.find(value);
    return it == rest_.end() ? 0 : it->second;
}

Tally WholeCounts::tally(double divisor) const {
    Tally tally;
    for (std::size_t i = 0; i < dense_.size(); ++i)
        if (dense_[i] != 0)
            tally.emplace_hint(tally.end(),
                               static_cast<double>(low_ + static_cast<std::int64_t>(i)) / divisor,
                               dense_[i]);
    for (const auto& [value, count] : rest_) tally[static_cast<double>(value) / divisor] += count;
    return tally;
}

}  // namespace symphony::corpus
