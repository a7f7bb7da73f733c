#include "symphony/tokens/fidelity.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iterator>
#include <map>

namespace symphony::tokens {
namespace {

using score::Ticks;

constexpr double kWindowQuarters = 1, kWindowSeconds = 0.5;
constexpr double kSameMs = 10, kSameLength = 0.05, kSameTempo = 0.03;
constexpr int kSameVelocity = 8;
constexpr std::size_t kWorst = 5;

// What is in force at a tick in a list sorted by onset; nullptr before the first.
template <class Change>
const Change* in_force(const std::vector<Change>& changes, Ticks at) {
    const auto after =
        std::upper_bound(changes.begin(), changes.end(), at,
                         [](Ticks t, const Change& change) { return t < change.onset; });
    return after == changes.begin() ? nullptr : &*(after - 1);
}

std::int64_t parts_with_notes(const score::Score& score) {
    return std::count_if(score.parts.begin(), score.parts.end(),
                         [](const score::Part& part) { return !part.notes.empty(); });
}

// A note of the copy in the list of its pitch.
struct Sounding {
    double onset;
    double latest_end;  // of this one and all before it
};

class Measure {
  public:
    Measure(const score::Score& source, const score::Score& copy, Clock clock)
        : source_(source),
          copy_(copy),
          clock_(clock),
          time_(source),
          bars_(score::bars_of(source)),
          copy_bars_(score::bars_of(copy)),
          notes_(timed_notes(source, clock)),
          copies_(timed_notes(copy, clock)) {}

    PieceFidelity run() {
        const auto [match, offset] =
            match_notes(source_, notes_, copy_, copies_,
                        clock_ == Clock::kBeats ? kWindowQuarters : kWindowSeconds);
        for (TimedNote& copy : copies_) {
            copy.onset += offset;
            copy.end += offset;
        }
        counts_.notes = static_cast<std::int64_t>(notes_.size());
        counts_.parts = parts_with_notes(source_);
        counts_.parts_after = parts_with_notes(copy_);
        list_copies_by_pitch();
        for (std::size_t n = 0; n < notes_.size(); ++n) {
            const bool drums = source_.parts[notes_[n].part].is_drums;
            counts_.drums.all += drums;
            if (match[n] >= 0) {
                counts_.drums.kept += drums;
                compare(notes_[n], copies_[static_cast<std::size_t>(match[n])]);
            } else {
                ++(sounds_in_copy(notes_[n]) ? counts_.merged : counts_.dropped);
                if (!result_.first_lost) result_.first_lost = {notes_[n].part, notes_[n].note};
            }
        }
        counts_.added = static_cast<std::int64_t>(copies_.size()) - counts_.kept;
        compare_controls(offset);
        return std::move(result_);
    }

  private:
    const score::Note& source_note(const TimedNote& note) const {
        return source_.parts[note.part].notes[note.note];
    }

    // Milliseconds between two times of the clock, at the source's tempo where the note is.
    double milliseconds(const TimedNote& at, double difference) const {
        if (clock_ == Clock::kSeconds) return difference * 1000;
        const Ticks onset = source_note(at).onset;
        const double seconds =
            (time_.seconds(onset + Ticks(source_.ticks_per_quarter)) - time_.seconds(onset)).value;
        return difference * seconds * 1000;
    }

    void compare(const TimedNote& note, const TimedNote& copy) {
        const score::Note& before = source_note(note);
        const score::Part& part_before = source_.parts[note.part];
        const score::Part& part_after = copy_.parts[copy.part];
        const score::Note& after = part_after.notes[copy.note];
        ++counts_.kept;

        const double moved = milliseconds(note, copy.onset - note.onset);
        const auto bin =
            std::lower_bound(kMovedEdgesMs.begin(), kMovedEdgesMs.end(), std::abs(moved)) -
            kMovedEdgesMs.begin();
        ++counts_.moved[static_cast<std::size_t>(bin)];
        counts_.moved_ms += std::abs(moved);
        counts_.most_moved_ms = std::max(counts_.most_moved_ms, std::abs(moved));
        if (bin > 0) remember({note.part, note.note, moved});

        const double length = note.end - note.onset, length_after = copy.end - copy.onset;
        const bool same_length = std::abs(milliseconds(note, length_after - length)) <= kSameMs ||
                                 std::abs(length_after - length) <= kSameLength * length;
        counts_.lengths += {1, same_length};

        const int louder = std::abs(int{after.velocity} - int{before.velocity});
        counts_.velocities += {1, louder == 0};
        counts_.velocity_difference += louder;

        const bool same_program = part_before.is_drums || program_at(part_before, before.onset) ==
                                                              program_at(part_after, after.onset);
        if (!part_before.is_drums) counts_.programs += {1, same_program};
        counts_.alike +=
            std::abs(moved) <= kSameMs && same_length && same_program && louder <= kSameVelocity;
        compare_context(before.onset, after.onset);
    }

    static int program_at(const score::Part& part, Ticks at) {
        const score::ProgramChange* change = in_force(part.programs, at);
        return change ? change->program : part.program;
    }

    // Tempo, metre and key where the note is.
    void compare_context(Ticks before, Ticks after) {
        if (const score::TempoChange* tempo = in_force(source_.tempos, before)) {
            const score::TempoChange* found = in_force(copy_.tempos, after);
            const double there = found ? found->quarters_per_minute : score::kDefaultTempoBpm;
            const double off = std::abs(there / tempo->quarters_per_minute - 1);
            counts_.tempos += {1, clock_ == Clock::kBeats && off <= kSameTempo};
            counts_.tempo_difference += off;
        }
        if (const score::KeyChange* key = in_force(source_.keys, before)) {
            const score::KeyChange* found = in_force(copy_.keys, after);
            counts_.keys += {1, found && found->key == key->key};
        }
        if (source_.meters.empty() && source_.bars.empty()) return;
        const score::Bar* bar = in_force(bars_, before);
        const score::Bar* found = in_force(copy_bars_, after);
        const bool says = !copy_.meters.empty() || !copy_.bars.empty();
        bool same = says && bar && found && clock_ == Clock::kBeats && bar->meter == found->meter;
        if (same) {
            // As far into the bar, give or take a 64th, before as after.
            const double into =
                score::to_quarters(before - bar->onset, source_.ticks_per_quarter).value;
            const double into_after =
                score::to_quarters(after - found->onset, copy_.ticks_per_quarter).value;
            same = std::abs(into - into_after) <= 1.0 / 16;
        }
        counts_.meters += {1, same};
    }

    // The copy's notes of each pitch and kind, by onset.
    void list_copies_by_pitch() {
        for (const TimedNote& copy : copies_) {
            const score::Part& part = copy_.parts[copy.part];
            auto& list = by_pitch_[{part.is_drums, part.notes[copy.note].pitch}];
            const double before = list.empty() ? copy.end : list.back().latest_end;
            list.push_back({copy.onset, std::max(before, copy.end)});
        }
    }

    bool sounds_in_copy(const TimedNote& note) const {
        const auto list =
            by_pitch_.find({source_.parts[note.part].is_drums, source_note(note).pitch});
        if (list == by_pitch_.end()) return false;
        // Grids move onsets a little; what sounds in the note's middle counts.
        const double middle = (note.onset + note.end) / 2;
        const auto after =
            std::partition_point(list->second.begin(), list->second.end(),
                                 [&](const Sounding& copy) { return copy.onset <= middle; });
        return after != list->second.begin() && std::prev(after)->latest_end > middle;
    }

    void compare_controls(double offset) {
        const EventsKept events = compare_events(source_, copy_, clock_, offset);
        counts_.pedals = events.pedals;
        counts_.controls = events.controls;
        counts_.bends = events.bends;
        counts_.program_changes = events.programs;
    }

    void remember(const MovedNote& note) {
        auto& worst = result_.worst;
        const auto place = std::upper_bound(
            worst.begin(), worst.end(), note,
            [](const MovedNote& a, const MovedNote& b) { return std::abs(a.ms) > std::abs(b.ms); });
        worst.insert(place, note);
        if (worst.size() > kWorst) worst.pop_back();
    }

    const score::Score& source_;
    const score::Score& copy_;
    Clock clock_;
    score::TimeMap time_;
    std::vector<score::Bar> bars_, copy_bars_;
    std::vector<TimedNote> notes_, copies_;
    std::map<std::pair<bool, int>, std::vector<Sounding>> by_pitch_;
    PieceFidelity result_;
    Fidelity& counts_ = result_.counts;
};

}  // namespace

void Fidelity::operator+=(const Fidelity& other) {
    notes += other.notes;
    kept += other.kept;
    merged += other.merged;
    dropped += other.dropped;
    added += other.added;
    for (std::size_t bin = 0; bin < kMovedBins; ++bin) moved[bin] += other.moved[bin];
    moved_ms += other.moved_ms;
    most_moved_ms = std::max(most_moved_ms, other.most_moved_ms);
    lengths += other.lengths;
    velocities += other.velocities;
    velocity_difference += other.velocity_difference;
    programs += other.programs;
    drums += other.drums;
    alike += other.alike;
    tempos += other.tempos;
    tempo_difference += other.tempo_difference;
    meters += other.meters;
    keys += other.keys;
    pedals += other.pedals;
    controls += other.controls;
    bends += other.bends;
    program_changes += other.program_changes;
    parts += other.parts;
    parts_after += other.parts_after;
}

std::int64_t far_moved(const Fidelity& fidelity) {
    std::int64_t far = 0;
    for (std::size_t bin = 0; bin < kMovedBins; ++bin)
        if (bin == kMovedEdgesMs.size() || kMovedEdgesMs[bin] > kSameMs) far += fidelity.moved[bin];
    return far;
}

PieceFidelity measure_fidelity(const score::Score& source, const score::Score& copy, Clock clock) {
    return Measure(source, copy, clock).run();
}

}  // namespace symphony::tokens
