#include "symphony/tokens/pretrained/anticipation_events.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <map>
#include <tuple>

namespace symphony::tokens::anticipation {
namespace {

using score::MessageKind;
using score::MidiMessage;

constexpr int kDefaultTempo = 500'000;  // microseconds per quarter
constexpr int kChannels = 16;
constexpr std::int64_t kLongestWait = 999;

// Half to even, as the reference rounds.
std::int64_t rounded(double ticks) { return static_cast<std::int64_t>(std::nearbyint(ticks)); }

// Walks the messages of all tracks in the order of their times and calls take(message, seconds
// since the message before, instrument of its channel).
template <class Take>
void for_each_merged(const score::MidiMessages& file, Take take) {
    std::vector<MidiMessage> merged;
    for (const score::MidiTrack& track : file.tracks)
        merged.insert(merged.end(), track.messages.begin(), track.messages.end());
    std::stable_sort(merged.begin(), merged.end(),
                     [](const MidiMessage& a, const MidiMessage& b) { return a.at < b.at; });
    std::array<int, kChannels> program{};
    int tempo = kDefaultTempo;
    score::Ticks before;
    for (const MidiMessage& message : merged) {
        const double seconds_per_tick = tempo * 1e-6 / file.ticks_per_quarter;
        const double wait = static_cast<double>((message.at - before).value) * seconds_per_tick;
        before = message.at;
        if (message.kind == MessageKind::kTempo) tempo = message.a;
        if (message.kind == MessageKind::kProgram) program[message.channel] = message.a;
        take(message, wait,
             message.channel == score::kMidiDrumChannel ? kDrums : program[message.channel]);
    }
}

}  // namespace

std::vector<CompoundNote> compound_of(const score::MidiMessages& messages) {
    struct Open {
        std::size_t note;
        double onset;
    };
    std::map<std::tuple<int, int, int>, std::deque<Open>> open;  // instrument, pitch, channel
    std::vector<CompoundNote> notes;
    double seconds = 0;
    for_each_merged(messages, [&](const MidiMessage& message, double wait, int instrument) {
        seconds += wait;
        const std::tuple key(instrument, message.a, message.channel);
        if (message.kind == MessageKind::kNoteOn) {
            open[key].push_back({notes.size(), seconds});
            notes.push_back({.time = rounded(kTicksPerSecond * seconds),
                             .duration = -1,
                             .pitch = message.a,
                             .instrument = instrument,
                             .velocity = message.b,
                             .source = {message.part, message.note}});
        } else if (message.kind == MessageKind::kNoteOff) {
            const auto found = open.find(key);
            if (found == open.end() || found->second.empty()) return;
            const Open first = found->second.front();
            found->second.pop_front();
            notes[first.note].duration = rounded(kTicksPerSecond * (seconds - first.onset));
        }
    });
    return notes;
}

std::vector<Event> events_of(std::span<const CompoundNote> notes, std::int64_t* cut) {
    std::vector<Event> events;
    events.reserve(notes.size());
    for (const CompoundNote& note : notes) {
        const std::int64_t duration = note.duration < 0 ? kUnknownDuration : note.duration;
        if (cut) *cut += duration >= kMaxDuration;
        events.push_back(
            {.time = note.time,
             .duration = static_cast<int>(std::min<std::int64_t>(duration, kMaxDuration - 1)),
             .note = note.instrument * 128 + note.pitch,
             .source = note.source});
    }
    std::stable_sort(events.begin(), events.end(),
                     [](const Event& a, const Event& b) { return a.time < b.time; });
    return events;
}

std::vector<Event> padded(std::span<const Event> events, std::optional<std::int64_t> end) {
    std::vector<Event> result;
    result.reserve(events.size());
    std::int64_t at = 0;
    const auto rest_until = [&](std::int64_t time) {
        while (time > at + kRestEvery) {
            at += kRestEvery;
            result.push_back({.time = at, .duration = 0, .note = kRestNote});
        }
    };
    for (const Event& event : events) {
        rest_until(event.time);
        result.push_back(event);
        at = event.time;
    }
    if (end) rest_until(*end);
    return result;
}

std::vector<Event> anticipated(std::span<const Event> events, std::span<const Event> controls) {
    std::vector<Event> result;
    result.reserve(events.size() + controls.size());
    std::int64_t at = 0;
    std::size_t next = 0;
    for (const Event& event : events) {
        for (; next < controls.size() && at >= controls[next].time - kAnticipation; ++next) {
            result.push_back(controls[next]);
            result.back().control = true;
        }
        result.push_back(event);
        at = event.time;
    }
    return result;
}

std::vector<std::int64_t> ids_of(std::span<const Event> events) {
    std::vector<std::int64_t> ids;
    ids.reserve(events.size() * 3);
    for (const Event& event : events) {
        const std::int64_t shift = event.control ? kControl : 0;
        ids.push_back(shift + kTime + event.time);
        ids.push_back(shift + kDuration + event.duration);
        ids.push_back(shift + kNote + event.note);
    }
    return ids;
}

std::vector<TokenId> interarrival_of(const score::MidiMessages& messages) {
    std::vector<TokenId> ids;
    double waited = 0;
    for_each_merged(messages, [&](const MidiMessage& message, double wait, int instrument) {
        waited += wait;
        const bool on = message.kind == MessageKind::kNoteOn;
        if (!on && message.kind != MessageKind::kNoteOff) return;
        const std::int64_t ticks = std::min(rounded(kTicksPerSecond * waited), kLongestWait);
        if (ticks > 0) ids.push_back(static_cast<TokenId>(ticks));
        waited = 0;
        ids.push_back((on ? kInterarrivalOn : kInterarrivalOff) + instrument * 128 + message.a);
    });
    return ids;
}

}  // namespace symphony::tokens::anticipation
