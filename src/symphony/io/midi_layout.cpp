#include "symphony/io/midi_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace symphony::io {
namespace {

using score::Part;
using score::Role;

constexpr std::uint8_t kDrumChannel = 9;
constexpr int kChannels = 16;
constexpr std::size_t kMaxPorts = 128;
constexpr std::uint8_t kCentre = 64;

constexpr std::uint8_t kVolume = 7, kPan = 10, kExpression = 11;

bool same_sound(const Part& a, const Part& b) {
    if (a.program != b.program || a.bank != b.bank || a.is_drums != b.is_drums) return false;
    constexpr std::array kMix{kVolume, kPan, kExpression};
    return std::all_of(kMix.begin(), kMix.end(), [&](std::uint8_t controller) {
        return initial_control(a, controller) == initial_control(b, controller);
    });
}

// Which part holds which channel of each port; -1: free.
class ChannelTable {
  public:
    int holder(std::size_t port, int channel) const {
        return port < ports_.size() ? ports_[port][static_cast<std::size_t>(channel)] : -1;
    }
    void take(std::size_t port, int channel, std::size_t part) {
        while (ports_.size() <= port) {
            ports_.emplace_back();
            ports_.back().fill(-1);
        }
        ports_[port][static_cast<std::size_t>(channel)] = static_cast<int>(part);
    }

  private:
    std::vector<std::array<int, kChannels>> ports_;
};

// Keeps the channels that the source gave, where they may be kept. Returns which parts have a
// place.
std::vector<bool> keep_given_channels(const score::Score& score, ChannelTable& table,
                                      std::vector<PartPlace>& places) {
    std::vector<bool> placed(score.parts.size());
    for (std::size_t i = 0; i < score.parts.size(); ++i) {
        const Part& part = score.parts[i];
        if (part.is_drums || !part.channel || *part.channel >= kChannels ||
            *part.channel == kDrumChannel)
            continue;
        const int holder = table.holder(0, *part.channel);
        if (holder >= 0 && !same_sound(score.parts[static_cast<std::size_t>(holder)], part))
            continue;
        if (holder < 0) table.take(0, *part.channel, i);
        places[i].channel = *part.channel;
        placed[i] = true;
    }
    return placed;
}

// Drum kits that sound alike share channel 10; others need a port each.
std::size_t place_drums(const score::Score& score, std::size_t part, ChannelTable& table) {
    std::size_t port = 0;
    for (;; ++port) {
        const int holder = table.holder(port, kDrumChannel);
        if (holder < 0) break;
        if (same_sound(score.parts[static_cast<std::size_t>(holder)], score.parts[part]))
            return port;
    }
    table.take(port, kDrumChannel, part);
    return port;
}

bool is_nearly_monophonic(const Part& part) {
    // A few overlaps are playing style (legato), not chords.
    constexpr std::size_t kPolyphonicShare = 10;
    std::size_t overlaps = 0;
    for (std::size_t i = 1; i < part.notes.size(); ++i)
        overlaps += part.notes[i].onset < part.notes[i - 1].end();
    return overlaps * kPolyphonicShare <= part.notes.size();
}

// Pans of parts without a role known to stand in the middle, spread from the outside inwards.
std::uint8_t spread(std::size_t index, std::size_t count) {
    constexpr int kWidest = 44;
    if (count == 1) return kCentre - 20;
    const int step = 2 * kWidest / static_cast<int>(count - 1);
    return static_cast<std::uint8_t>(kCentre - kWidest + step * static_cast<int>(index));
}

void set_pans(const score::Score& score, std::vector<PartPlace>& places) {
    constexpr std::array<std::uint8_t, 4> kFourVoices{34, 54, 74, 94};
    constexpr std::array<std::uint8_t, 2> kNearCentre{58, 70};
    std::vector<std::size_t> pitched, spread_parts;
    for (std::size_t i = 0; i < score.parts.size(); ++i) {
        const Part& part = score.parts[i];
        if (part.is_drums) continue;
        pitched.push_back(i);
        if (part.role == Role::kHarmony || part.role == Role::kUnknown) spread_parts.push_back(i);
    }
    if (pitched.size() == kFourVoices.size() && pitched.size() == score.parts.size() &&
        std::all_of(score.parts.begin(), score.parts.end(), is_nearly_monophonic)) {
        for (std::size_t i = 0; i < pitched.size(); ++i) places[pitched[i]].pan = kFourVoices[i];
    } else {
        std::size_t melodies = 0;
        for (const std::size_t i : pitched)
            if (score.parts[i].role == Role::kMelody)
                places[i].pan = kNearCentre[melodies++ % kNearCentre.size()];
        if (pitched.size() > 1)
            for (std::size_t i = 0; i < spread_parts.size(); ++i)
                places[spread_parts[i]].pan = spread(i, spread_parts.size());
    }
    for (std::size_t i = 0; i < score.parts.size(); ++i)
        if (const int own = initial_control(score.parts[i], kPan); own >= 0)
            places[i].pan = static_cast<std::uint8_t>(own);
}

}  // namespace

int initial_control(const Part& part, std::uint8_t controller) {
    int value = -1;
    for (const score::ControlChange& control : part.controls)
        if (control.onset.value == 0 && control.controller == controller) value = control.value;
    return value;
}

base::Result<std::vector<PartPlace>> place_in_midi(const score::Score& score) {
    std::vector<PartPlace> places(score.parts.size());
    ChannelTable table;
    const std::vector<bool> placed = keep_given_channels(score, table, places);
    std::size_t next = 0;  // pitched places in use, over all ports: 15 a port
    for (std::size_t i = 0; i < score.parts.size(); ++i) {
        std::size_t port = 0;
        if (score.parts[i].is_drums) {
            places[i].channel = kDrumChannel;
            port = place_drums(score, i, table);
        } else if (!placed[i]) {
            const auto channel_of = [](std::size_t place) {
                const int channel = static_cast<int>(place % (kChannels - 1));
                return channel < kDrumChannel ? channel : channel + 1;
            };
            while (table.holder(next / (kChannels - 1), channel_of(next)) >= 0) ++next;
            port = next / (kChannels - 1);
            places[i].channel = static_cast<std::uint8_t>(channel_of(next));
            table.take(port, places[i].channel, i);
        }
        if (port >= kMaxPorts)
            return base::Error(base::ErrorKind::kInput,
                               fmt::format("{} parts, at most {} ports of 15 pitched parts and "
                                           "one drum kit each",
                                           score.parts.size(), kMaxPorts));
        places[i].port = static_cast<std::uint8_t>(port);
    }
    set_pans(score, places);
    // Parts that share a channel share its pan.
    for (std::size_t i = 0; i < places.size(); ++i) {
        const int holder = table.holder(places[i].port, places[i].channel);
        if (holder >= 0) places[i].pan = places[static_cast<std::size_t>(holder)].pan;
    }
    return places;
}

}  // namespace symphony::io
