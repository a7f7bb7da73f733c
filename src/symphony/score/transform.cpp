#include "symphony/score/transform.h"

#include <algorithm>
#include <array>

namespace symphony::score {
namespace {

// Calls f on the onset of every event of the score, notes excepted.
template <class F>
void for_each_event_onset(Score& score, F&& f) {
    for (Part& part : score.parts) {
        for (auto& event : part.controls) f(event.onset);
        for (auto& event : part.bends) f(event.onset);
        for (auto& event : part.programs) f(event.onset);
        for (auto& event : part.texts) f(event.onset);
    }
    for (auto& event : score.tempos) f(event.onset);
    for (auto& event : score.meters) f(event.onset);
    for (auto& event : score.keys) f(event.onset);
    for (auto& event : score.phrases) f(event.onset);
    for (auto& event : score.texts) f(event.onset);
}

// Keeps the events inside [begin, end) and carries the last one before `begin` in, moved to it.
template <class Event>
void cut_events(std::vector<Event>& events, Ticks begin, Ticks end, bool carry_in) {
    std::vector<Event> kept;
    const Event* in_force = nullptr;
    for (const Event& event : events) {
        if (event.onset <= begin) in_force = &event;
        if (event.onset > begin && event.onset < end) kept.push_back(event);
        if (event.onset == begin && !carry_in) kept.push_back(event);
    }
    if (carry_in && in_force) {
        kept.insert(kept.begin(), *in_force);
        kept.front().onset = begin;
    }
    events = std::move(kept);
}

// As cut_events with carry-in, for each controller by itself.
void cut_controls(std::vector<ControlChange>& controls, Ticks begin, Ticks end) {
    std::vector<ControlChange> kept;
    std::array<int, 128> value_in_force;
    value_in_force.fill(-1);
    for (const ControlChange& control : controls) {
        if (control.onset <= begin) value_in_force[control.controller & 127] = control.value;
        if (control.onset > begin && control.onset < end) kept.push_back(control);
    }
    std::vector<ControlChange> all;
    for (int controller = 0; controller < 128; ++controller)
        if (value_in_force[static_cast<std::size_t>(controller)] >= 0)
            all.push_back(
                {begin, static_cast<std::uint8_t>(controller),
                 static_cast<std::uint8_t>(value_in_force[static_cast<std::size_t>(controller)])});
    all.insert(all.end(), kept.begin(), kept.end());
    controls = std::move(all);
}

void cut_notes(std::vector<Note>& notes, Ticks begin, Ticks end) {
    std::erase_if(notes,
                  [&](const Note& note) { return note.end() <= begin || note.onset >= end; });
    for (Note& note : notes) {
        const Ticks note_end = std::min(note.end(), end);
        note.onset = std::max(note.onset, begin);
        note.duration = note_end - note.onset;
    }
}

}  // namespace

Ticks rescaled(Ticks at, int from_ticks_per_quarter, int to_ticks_per_quarter) {
    return Ticks((2 * at.value * to_ticks_per_quarter + from_ticks_per_quarter) /
                 (2 * std::int64_t{from_ticks_per_quarter}));
}

Key transposed(Key key, int semitones) {
    // One semitone up is seven fifths up; twelve fifths are an octave. The result is brought into
    // -6..5 sharps.
    const int sharps = key.sharps + 7 * semitones;
    if (semitones % 12 == 0) return key;
    return {static_cast<std::int8_t>(((sharps + 6) % 12 + 12) % 12 - 6), key.minor};
}

std::optional<Score> transposed(const Score& score, int semitones) {
    Score result = score;
    for (Part& part : result.parts) {
        if (part.is_drums) continue;
        for (Note& note : part.notes) {
            const int pitch = note.pitch + semitones;
            if (pitch < 0 || pitch >= kPitches) return std::nullopt;
            note.pitch = static_cast<std::uint8_t>(pitch);
        }
    }
    for (KeyChange& change : result.keys) change.key = transposed(change.key, semitones);
    return result;
}

Score with_resolution(const Score& score, int ticks_per_quarter) {
    Score result = score;
    const auto scale = [&](Ticks at) {
        return rescaled(at, score.ticks_per_quarter, ticks_per_quarter);
    };
    result.ticks_per_quarter = ticks_per_quarter;
    for (Part& part : result.parts) {
        for (Note& note : part.notes) {
            const Ticks end = scale(note.end());
            note.onset = scale(note.onset);
            note.duration = std::max(Ticks(1), end - note.onset);
        }
    }
    for_each_event_onset(result, [&](Ticks& onset) { onset = scale(onset); });
    for (Bar& bar : result.bars) {
        const Ticks end = scale(bar.onset + bar.length);
        bar.onset = scale(bar.onset);
        bar.length = std::max(Ticks(1), end - bar.onset);
    }
    sort_events(result);
    return result;
}

Score quantised(const Score& score, int steps_per_quarter) {
    return with_resolution(score, steps_per_quarter);
}

Score excerpt(const Score& score, std::size_t first_bar, std::size_t last_bar) {
    const std::vector<Bar> bars = bars_of(score);
    last_bar = std::min(last_bar, bars.size());
    Score result = score;
    result.bars.clear();
    if (first_bar >= last_bar) {
        for (Part& part : result.parts) part.notes.clear();
        return result;
    }
    const Ticks begin = bars[first_bar].onset;
    const Ticks end = bars[last_bar - 1].onset + bars[last_bar - 1].length;
    for (Part& part : result.parts) {
        cut_notes(part.notes, begin, end);
        cut_controls(part.controls, begin, end);
        cut_events(part.bends, begin, end, /*carry_in=*/true);
        for (const ProgramChange& change : part.programs) {
            if (change.onset > begin) break;
            part.program = change.program;
            part.bank = change.bank;
        }
        cut_events(part.programs, begin, end, /*carry_in=*/false);
        cut_events(part.texts, begin, end, /*carry_in=*/false);
    }
    cut_events(result.tempos, begin, end, /*carry_in=*/true);
    cut_events(result.meters, begin, end, /*carry_in=*/true);
    cut_events(result.keys, begin, end, /*carry_in=*/true);
    cut_events(result.phrases, begin, end, /*carry_in=*/false);
    cut_events(result.texts, begin, end, /*carry_in=*/false);
    result.bars.assign(bars.begin() + static_cast<std::ptrdiff_t>(first_bar),
                       bars.begin() + static_cast<std::ptrdiff_t>(last_bar));
    for (Part& part : result.parts)
        for (Note& note : part.notes) note.onset -= begin;
    for_each_event_onset(result, [&](Ticks& onset) { onset -= begin; });
    for (Bar& bar : result.bars) bar.onset -= begin;
    return result;
}

}  // namespace symphony::score
