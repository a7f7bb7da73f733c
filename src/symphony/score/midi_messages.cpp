#include "symphony/score/midi_messages.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <tuple>

namespace symphony::score {
namespace {

constexpr int kChannels = 16;
constexpr int kLargestDenominator = 64;

// The metre of a bar that is `length` ticks long, if there is one with a denominator up to 64.
Meter meter_of_length(Ticks length, int ticks_per_quarter, Meter notated) {
    const std::int64_t whole = std::int64_t{4} * ticks_per_quarter;
    for (std::int64_t denominator = notated.denominator; denominator <= kLargestDenominator;
         denominator *= 2) {
        const std::int64_t scaled = length.value * denominator;
        if (scaled % whole == 0 && scaled / whole >= 1 && scaled / whole <= 255)
            return {static_cast<std::uint8_t>(scaled / whole),
                    static_cast<std::uint8_t>(denominator)};
    }
    return notated;
}

// A channel for each part, and whether it shares it with a part of another program.
struct Places {
    std::vector<std::uint8_t> channels;
    std::vector<bool> shared;
};

Places place_parts(const Score& score) {
    Places places;
    std::array<int, kChannels> program_of;  // -1: free
    program_of.fill(-1);
    std::size_t next = 0, in_turn = 0;
    for (const Part& part : score.parts) {
        std::uint8_t channel = kMidiDrumChannel;
        if (!part.is_drums) {
            if (part.channel && *part.channel != kMidiDrumChannel) {
                channel = *part.channel;
            } else {
                while (next < kChannels && (next == kMidiDrumChannel || program_of[next] >= 0))
                    ++next;
                // Fifteen channels are for pitched parts; beyond them they are taken in turn.
                const std::size_t turn = in_turn % (kChannels - 1);
                channel = static_cast<std::uint8_t>(
                    next < kChannels ? next : turn + (turn >= kMidiDrumChannel ? 1 : 0));
                in_turn += next == kChannels;
            }
        }
        int& program = program_of[channel];
        places.shared.push_back(program >= 0 && program != part.program && !part.is_drums);
        if (program < 0) program = part.program;
        places.channels.push_back(channel);
    }
    return places;
}

MidiTrack shared_track(const Score& score) {
    MidiTrack track;
    for (const MeterChange& change : meters_of_bars(score))
        track.messages.push_back(
            {.at = change.onset,
             .kind = MessageKind::kMeter,
             .a = change.meter.numerator,
             .b = std::countr_zero(static_cast<unsigned>(change.meter.denominator))});
    for (const KeyChange& change : score.keys)
        track.messages.push_back({.at = change.onset,
                                  .kind = MessageKind::kKey,
                                  .a = change.key.sharps,
                                  .b = change.key.minor});
    for (const TempoChange& change : score.tempos)
        track.messages.push_back(
            {.at = change.onset,
             .kind = MessageKind::kTempo,
             .a = static_cast<std::int32_t>(
                 std::clamp(std::llround(60e6 / change.quarters_per_minute), 1LL, 0xFFFFFFLL))});
    return track;
}

MidiTrack part_track(const Part& part, int index, std::uint8_t channel) {
    MidiTrack track;
    auto& messages = track.messages;
    messages.push_back({.kind = MessageKind::kProgram, .channel = channel, .a = part.program});
    for (const ProgramChange& change : part.programs)
        messages.push_back({.at = change.onset,
                            .kind = MessageKind::kProgram,
                            .channel = channel,
                            .a = change.program});
    for (const ControlChange& change : part.controls)
        messages.push_back({.at = change.onset,
                            .kind = MessageKind::kControl,
                            .channel = channel,
                            .a = change.controller,
                            .b = change.value});
    std::vector<std::size_t> by_end(part.notes.size());
    for (std::size_t n = 0; n < by_end.size(); ++n) by_end[n] = n;
    std::stable_sort(by_end.begin(), by_end.end(), [&](std::size_t a, std::size_t b) {
        return part.notes[a].end() < part.notes[b].end();
    });
    for (const std::size_t n : by_end)
        messages.push_back({.at = part.notes[n].end(),
                            .kind = MessageKind::kNoteOff,
                            .channel = channel,
                            .a = part.notes[n].pitch});
    for (std::size_t n = 0; n < part.notes.size(); ++n)
        messages.push_back({.at = part.notes[n].onset,
                            .kind = MessageKind::kNoteOn,
                            .channel = channel,
                            .a = part.notes[n].pitch,
                            .b = part.notes[n].velocity,
                            .part = index,
                            .note = static_cast<int>(n)});
    return track;
}

int rank(MessageKind kind) {
    switch (kind) {
        case MessageKind::kNoteOff:
            return 0;
        case MessageKind::kNoteOn:
            return 2;
        default:
            return 1;
    }
}

}  // namespace

std::vector<MeterChange> meters_of_bars(const Score& score) {
    std::vector<MeterChange> meters;
    if (score.bars.empty()) return score.meters;
    for (const Bar& bar : score.bars) {
        const Meter meter = meter_of_length(bar.length, score.ticks_per_quarter, bar.meter);
        if (meters.empty() || meters.back().meter != meter) meters.push_back({bar.onset, meter});
    }
    return meters;
}

MidiMessages midi_messages_of(const Score& score, std::map<std::string, std::int64_t>* losses) {
    MidiMessages result;
    result.ticks_per_quarter = score.ticks_per_quarter;
    const Places places = place_parts(score);
    result.tracks.push_back(shared_track(score));
    for (std::size_t p = 0; p < score.parts.size(); ++p) {
        const Part& part = score.parts[p];
        result.tracks.push_back(part_track(part, static_cast<int>(p), places.channels[p]));
        if (losses && places.shared[p] && !part.notes.empty())
            (*losses)["channel-shared"] += static_cast<std::int64_t>(part.notes.size());
    }
    for (MidiTrack& track : result.tracks) {
        std::stable_sort(track.messages.begin(), track.messages.end(),
                         [](const MidiMessage& a, const MidiMessage& b) {
                             return std::tuple(a.at, rank(a.kind)) < std::tuple(b.at, rank(b.kind));
                         });
        if (!track.messages.empty()) track.end = track.messages.back().at;
    }
    return result;
}

}  // namespace symphony::score
