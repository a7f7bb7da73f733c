// Marks and wedges as a piecewise linear curve. Source: own.
#include "symphony/io/musicxml_dynamics.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace symphony::io::musicxml {
namespace {

constexpr double kStep = 16;  // from one mark to the next (p to mp), in velocity

struct Wedge {
    std::int64_t from, to;
    bool is_crescendo;
};

std::int64_t onset_of(Position at, const std::vector<std::int64_t>& starts) {
    return starts[static_cast<std::size_t>(at.measure)] + at.offset;
}

}  // namespace

DynamicsCurve::DynamicsCurve(const std::vector<RawDynamic>& dynamics,
                             const std::vector<std::int64_t>& starts, std::int64_t resolution) {
    std::vector<Wedge> wedges;
    std::array<RawDynamic, 17> open{};  // by number; kLevel: none
    std::vector<RawDynamic> in_time = dynamics;
    std::stable_sort(in_time.begin(), in_time.end(),
                     [](const RawDynamic& a, const RawDynamic& b) { return a.at < b.at; });
    for (const RawDynamic& mark : in_time) {
        const std::int64_t onset = onset_of(mark.at, starts);
        RawDynamic& wedge = open[static_cast<std::size_t>(mark.number)];
        switch (mark.kind) {
            case DynamicKind::kLevel:
                segments_.push_back({onset, mark.velocity, onset, mark.velocity});
                break;
            case DynamicKind::kAccent:
                accents_.push_back({onset, mark.velocity});
                break;
            case DynamicKind::kCrescendo:
            case DynamicKind::kDiminuendo:
                wedge = mark;
                break;
            case DynamicKind::kWedgeEnd:
                if (wedge.kind == DynamicKind::kCrescendo || wedge.kind == DynamicKind::kDiminuendo)
                    wedges.push_back(
                        {onset_of(wedge.at, starts), onset, wedge.kind == DynamicKind::kCrescendo});
                wedge.kind = DynamicKind::kLevel;
                break;
        }
    }

    // A mark at the end of a wedge says where it leads; else it leads one step up or down.
    for (const Wedge& wedge : wedges) {
        if (wedge.to <= wedge.from) continue;
        const double start = level_at(wedge.from);
        double target = std::clamp(start + (wedge.is_crescendo ? kStep : -kStep), 10.0, 126.0);
        const auto by_onset = [](const Segment& a, const Segment& b) { return a.onset < b.onset; };
        const auto next = std::upper_bound(segments_.begin(), segments_.end(),
                                           Segment{wedge.from, 0, 0, 0}, by_onset);
        const bool mark_follows = next != segments_.end() && next->onset <= wedge.to + resolution;
        if (mark_follows && (wedge.is_crescendo ? next->level > start : next->level < start))
            target = next->level;
        const Segment ramp{wedge.from, start, wedge.to, target};
        segments_.insert(std::upper_bound(segments_.begin(), segments_.end(), ramp, by_onset),
                         ramp);
        if (mark_follows) continue;
        const Segment rest{wedge.to, target, wedge.to, target};
        segments_.insert(std::upper_bound(segments_.begin(), segments_.end(), rest, by_onset),
                         rest);
    }
}

double DynamicsCurve::level_at(std::int64_t at) const {
    const auto next =
        std::upper_bound(segments_.begin(), segments_.end(), at,
                         [](std::int64_t time, const Segment& s) { return time < s.onset; });
    if (next == segments_.begin()) return kDefaultVelocity;
    const Segment& segment = *std::prev(next);
    if (segment.ramp_end <= segment.onset) return segment.level;
    const double share = std::min(1.0, static_cast<double>(at - segment.onset) /
                                           static_cast<double>(segment.ramp_end - segment.onset));
    return segment.level + share * (segment.ramp_level - segment.level);
}

std::uint8_t DynamicsCurve::velocity(const RawNote& note, std::int64_t onset) const {
    double level = note.velocity > 0 ? note.velocity : level_at(onset);
    const auto accent =
        std::lower_bound(accents_.begin(), accents_.end(), onset,
                         [](const Accent& a, std::int64_t time) { return a.onset < time; });
    if (note.velocity == 0 && accent != accents_.end() && accent->onset == onset)
        level = std::max(level, accent->level);
    level += note.accent;
    return static_cast<std::uint8_t>(std::clamp(std::lround(level), 1L, 127L));
}

}  // namespace symphony::io::musicxml
