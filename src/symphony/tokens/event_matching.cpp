#include "symphony/tokens/event_matching.h"

#include "symphony/score/time_map.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <optional>

namespace symphony::tokens {
namespace {

using score::Ticks;

constexpr int kVolume = 7, kPan = 10, kExpression = 11, kPedal = 64, kPedalDown = 64;
constexpr double kWindowQuarters = 1.0 / 8, kWindowSeconds = 0.06;
constexpr int kSameControl = 8, kSameBend = 512;
// Kinds of events above the 128 controllers.
constexpr int kBend = 128, kProgram = 129;

struct TimedEvent {
    double at = 0;  // quarters or seconds
    int value = 0;
};

using ByKind = std::map<int, std::vector<TimedEvent>>;

class Lister {
  public:
    Lister(const score::Score& score, Clock clock, double offset)
        : score_(score), clock_(clock), map_(score), offset_(offset) {}

    // When the first note begins; 0 without notes.
    double first_note() const {
        std::optional<Ticks> first;
        for (const score::Part& part : score_.parts)
            if (!part.notes.empty() && (!first || part.notes.front().onset < *first))
                first = part.notes.front().onset;
        return first ? time(*first) : 0;
    }

    ByKind list(double earliest) {
        earliest_ = earliest;
        for (const score::Part& part : score_.parts) {
            in_force_ = {{kVolume, 100}, {kPan, 64}, {kExpression, 127}};
            before_notes_.clear();
            in_force_[kProgram] = part.program;
            for (const score::ControlChange& change : part.controls)
                add(change.controller, change.onset,
                    change.controller == kPedal ? (change.value >= kPedalDown ? 127 : 0)
                                                : change.value);
            for (const score::PitchBend& bend : part.bends) add(kBend, bend.onset, bend.value);
            for (const score::ProgramChange& change : part.programs)
                add(kProgram, change.onset, change.program);
        }
        for (auto& [kind, events] : events_)
            std::stable_sort(events.begin(), events.end(),
                             [](const TimedEvent& a, const TimedEvent& b) { return a.at < b.at; });
        return std::move(events_);
    }

  private:
    double time(Ticks at) const {
        return offset_ + (clock_ == Clock::kSeconds
                              ? map_.seconds(at).value
                              : score::to_quarters(at, score_.ticks_per_quarter).value);
    }

    void add(int kind, Ticks at, int value) {
        int& known = in_force_[kind];  // 0 if nothing was said
        if (known == value) return;
        known = value;
        std::vector<TimedEvent>& events = events_[kind];
        const double when = time(at);
        if (when > earliest_) {
            events.push_back({when, value});
        } else if (const auto early = before_notes_.find(kind); early != before_notes_.end()) {
            events[early->second].value = value;
        } else {
            before_notes_[kind] = events.size();
            events.push_back({earliest_, value});
        }
    }

    const score::Score& score_;
    Clock clock_;
    score::TimeMap map_;
    double offset_, earliest_ = 0;
    std::map<int, int> in_force_;  // in the part
    // In the part: of what is said before the first note only the last counts; where it stands.
    std::map<int, std::size_t> before_notes_;
    ByKind events_;
};

// Each source event takes the nearest free one of the copy. Both sorted by time.
std::int64_t matched(const std::vector<TimedEvent>& source, const std::vector<TimedEvent>& copy,
                     double window, int tolerance) {
    std::vector<bool> taken(copy.size(), false);
    std::int64_t count = 0;
    std::size_t first = 0;
    for (const TimedEvent& event : source) {
        while (first < copy.size() && copy[first].at < event.at - window) ++first;
        std::optional<std::size_t> nearest;
        // A window crowded beyond this is noise, and must not take a minute.
        constexpr std::size_t kMostCandidates = 1024;
        const std::size_t last = std::min(copy.size(), first + kMostCandidates);
        for (std::size_t c = first; c < last && copy[c].at <= event.at + window; ++c) {
            if (taken[c] || std::abs(copy[c].value - event.value) > tolerance) continue;
            if (!nearest ||
                std::abs(copy[c].at - event.at) < std::abs(copy[*nearest].at - event.at))
                nearest = c;
        }
        if (!nearest) continue;
        taken[*nearest] = true;
        ++count;
    }
    return count;
}

}  // namespace

EventsKept compare_events(const score::Score& source, const score::Score& copy, Clock clock,
                          double offset) {
    Lister lister(source, clock, 0);
    const double first = lister.first_note();
    const ByKind before = lister.list(first);
    EventsKept result;
    if (before.empty()) return result;
    ByKind after = Lister(copy, clock, offset).list(first);
    const double window = clock == Clock::kBeats ? kWindowQuarters : kWindowSeconds;
    for (const auto& [kind, events] : before) {
        Kept& sum = kind == kPedal     ? result.pedals
                    : kind == kBend    ? result.bends
                    : kind == kProgram ? result.programs
                                       : result.controls;
        const int tolerance = kind == kBend                        ? kSameBend
                              : kind == kProgram || kind == kPedal ? 0
                                                                   : kSameControl;
        sum += {static_cast<std::int64_t>(events.size()),
                matched(events, after[kind], window, tolerance)};
    }
    return result;
}

}  // namespace symphony::tokens
