// Divisions of a bar by its metre. Source: as in the header.
#include "symphony/io/musicxml_beats.h"

#include "symphony/io/musicxml_notation.h"
#include "symphony/score/beat.h"

#include <algorithm>

namespace symphony::io::musicxml {

BeatTree::BeatTree(score::Meter meter) {
    const std::int64_t unit = 4 * kUnits / meter.denominator;
    bar_ = unit * meter.numerator;
    beat_ = score::beat_length(meter, static_cast<int>(kUnits)).value;
    is_compound_ = beat_ == 3 * unit;
    const auto beats = bar_ / beat_;
    if (beats >= 4 && beats % 2 == 0) {
        for (std::int64_t at = 2 * beat_; at < bar_; at += 2 * beat_) groups_.push_back(at);
    } else if (beats == 5) {
        groups_.push_back(3 * beat_);
    } else if (beats > 5 && beats % 3 != 0) {  // 7/8: 2 + 2 + 3
        for (std::int64_t at = 2 * beat_; at + 2 * beat_ < bar_; at += 2 * beat_)
            groups_.push_back(at);
    }
    // Eighths in 5/8 and 7/8 are beamed by group, in 3/8 by bar; in slow units by the unit.
    const bool is_short_unit = !is_compound_ && unit < kUnits;
    group_beat_ = !is_short_unit ? beat_ : meter.numerator == 3 ? bar_ : std::max(beat_, kUnits);
    periods_.push_back(beat_);
    std::int64_t period = is_compound_ ? unit : beat_ / 2;
    for (; period >= kUnits / 64; period /= 2) periods_.push_back(period);
}

int BeatTree::level(std::int64_t at) const {
    const std::int64_t inside = at % bar_;
    if (inside == 0) return 0;
    if (std::find(groups_.begin(), groups_.end(), inside) != groups_.end()) return 1;
    for (std::size_t i = 0; i < periods_.size(); ++i)
        if (inside % periods_[i] == 0) return static_cast<int>(i) + 2;
    return static_cast<int>(periods_.size()) + 2;
}

std::int64_t BeatTree::strongest_between(std::int64_t from, std::int64_t to) const {
    const std::int64_t line = (from / bar_ + 1) * bar_;
    if (line < to) return line;
    for (const std::int64_t group : groups_)
        if (const std::int64_t at = from / bar_ * bar_ + group; at > from && at < to) return at;
    const std::int64_t start = from / bar_ * bar_;
    for (const std::int64_t period : periods_)
        if (const std::int64_t at = start + ((from - start) / period + 1) * period; at < to)
            return at;
    return to;
}

std::int64_t BeatTree::next_group(std::int64_t at) const {
    const std::int64_t start = at / bar_ * bar_;
    std::int64_t next = start + std::min(bar_, ((at - start) / group_beat_ + 1) * group_beat_);
    if (group_beat_ > beat_ || bar_ % group_beat_ != 0)
        for (const std::int64_t group : groups_)
            if (start + group > at) {
                next = start + group;
                break;
            }
    return next;
}

}  // namespace symphony::io::musicxml
