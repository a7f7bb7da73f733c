#include "symphony/io/midi_mended_tracks.h"

#include "symphony/base/text.h"
#include "symphony/io/midi_meta.h"
#include "symphony/io/midi_track_out.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace symphony::io {
namespace {

// How long a meta event must be, if its type says so.
std::optional<std::size_t> length_of(std::uint8_t meta_type) {
    switch (meta_type) {
        case meta::kChannelPrefix:
        case meta::kPort:
            return 1;
        case meta::kTempo:
            return 3;
        case meta::kTimeSignature:
            return 4;
        case meta::kKeySignature:
            return 2;
        default:
            return std::nullopt;
    }
}

// The payload of a meta event as it should be; nothing if no such event can be made of it.
std::optional<std::string> sound_payload(std::uint8_t meta_type, std::string_view given) {
    std::string payload(given);
    const std::optional<std::size_t> length = length_of(meta_type);
    if (!length) return payload;
    constexpr std::string_view kUsualMeter("\x04\x02\x18\x08", 4);
    if (meta_type == meta::kTimeSignature && payload.size() >= 2 && payload.size() < *length)
        payload += kUsualMeter.substr(payload.size());
    if (payload.size() < *length) return std::nullopt;
    payload.resize(*length);
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(payload[i]); };
    bool exists = true;
    if (meta_type == meta::kTempo) exists = byte(0) + byte(1) + byte(2) > 0;
    if (meta_type == meta::kTimeSignature)
        exists = byte(0) > 0 && byte(1) <= meta::kMaxDenominatorPower;
    if (meta_type == meta::kKeySignature) {
        const auto sharps = static_cast<std::int8_t>(payload[0]);
        exists = sharps >= -7 && sharps <= 7 && byte(1) <= 1;
    }
    if (!exists) return std::nullopt;
    return payload;
}

}  // namespace

MendedTracks::MendedTracks(Bytes bytes, const MidiHeader& header, const MidiClock& clock,
                           const std::string& text_encoding)
    : bytes_(bytes), header_(header), clock_(clock), decoder_(text_encoding) {}

void MendedTracks::begin_track() { now_ = 0; }

void MendedTracks::add(std::size_t begin, int released) {
    events_.push_back({now_, begin, event_bytes_.size() - begin, released});
}

void MendedTracks::take(const MidiEvent& event) {
    if (now_ + event.delta <= kMaxQuarters * clock_.ticks_per_quarter) now_ += event.delta;
    if (event.is_channel()) {
        take_channel(event);
    } else if (event.status == kMeta) {
        take_meta(event);
    } else {
        const std::size_t begin = event_bytes_.size();
        event_bytes_ += static_cast<char>(event.status);
        append_vlq(event_bytes_, static_cast<std::uint32_t>(event.payload_size));
        event_bytes_ += as_text(bytes_.subspan(event.payload, event.payload_size));
        add(begin);
    }
}

void MendedTracks::take_channel(const MidiEvent& event) {
    constexpr int kChannelModes = 120, kResetControllers = 121, kLocalControl = 122;
    const ChannelMessage message = event.message();
    Channel& channel = channels_[static_cast<std::size_t>(message.channel())];
    int released = -1;
    if (message.kind() == 0x90 && message.data[1] > 0) {
        channel.pairing.strike(channel.notes, now_, message.data[0], message.data[1]);
    } else if (message.kind() == 0x80 || message.kind() == 0x90) {
        channel.pairing.release(channel.notes, now_, message.data[0]);
        released = message.channel();
    } else if (message.kind() == 0xB0 && message.data[0] >= kChannelModes &&
               message.data[0] != kResetControllers && message.data[0] != kLocalControl) {
        channel.pairing.release_all(channel.notes, now_);
    }
    const std::size_t begin = event_bytes_.size();
    event_bytes_ += static_cast<char>(message.status);
    for (std::size_t i = 0; i < data_bytes_of(message.status); ++i)
        event_bytes_ += static_cast<char>(message.data[i]);
    add(begin, released);
}

void MendedTracks::take_meta(const MidiEvent& event) {
    if (event.is_end_of_track()) return;
    auto payload =
        sound_payload(event.meta_type, as_text(bytes_.subspan(event.payload, event.payload_size)));
    if (!payload) return;
    const bool is_text = event.meta_type >= meta::kText && event.meta_type <= meta::kCue;
    if (is_text && !base::is_utf8(*payload)) payload = decoder_.to_utf8(*payload);
    const std::size_t begin = event_bytes_.size();
    event_bytes_ += static_cast<char>(kMeta);
    event_bytes_ += static_cast<char>(event.meta_type);
    append_vlq(event_bytes_, static_cast<std::uint32_t>(payload->size()));
    event_bytes_ += *payload;
    add(begin);
}

void MendedTracks::end_track() {
    std::vector<Event> ends;
    const std::int64_t longest = kLongestUnclosedQuarters * clock_.ticks_per_quarter;
    for (int number = 0; number < 16; ++number) {
        auto& [pairing, notes] = channels_[static_cast<std::size_t>(number)];
        const NotePairing::Mended mended = pairing.finish(notes, now_, longest);
        // Where nothing was wrong the note offs stay as they are.
        if (mended.never_closed > 0 || mended.zero_length > 0) {
            std::erase_if(events_, [&](const Event& event) { return event.released == number; });
            for (const score::Note& note : notes) {
                constexpr char kUsualRelease = 64;
                ends.push_back({note.end().value, event_bytes_.size(), 3, number});
                event_bytes_ += static_cast<char>(0x80 | number);
                event_bytes_ += static_cast<char>(note.pitch);
                event_bytes_ += kUsualRelease;
            }
        }
        notes.clear();
    }
    // At one tick, what ends comes before what begins.
    if (!ends.empty()) {
        events_.insert(events_.begin(), ends.begin(), ends.end());
        std::stable_sort(events_.begin(), events_.end(),
                         [](const Event& a, const Event& b) { return a.at < b.at; });
    }
    std::string chunk;
    std::int64_t last = 0;
    for (const Event& event : events_) {
        append_delta(chunk, event.at - last);
        chunk.append(event_bytes_, event.begin, event.size);
        last = event.at;
    }
    append_delta(chunk, std::max(now_, last) - last);
    chunk += {static_cast<char>(kMeta), static_cast<char>(kMetaEndOfTrack), '\0'};
    chunks_ += "MTrk";
    append_big_endian(chunks_, static_cast<std::uint32_t>(chunk.size()), 4);
    chunks_ += chunk;
    ++tracks_;
    events_.clear();
    event_bytes_.clear();
}

void MendedTracks::keep_chunk(Bytes chunk) { chunks_ += as_text(chunk); }

std::string MendedTracks::take_file() {
    constexpr std::uint32_t kHeaderSize = 6;
    const int format = header_.format == 0 && tracks_ > 1 ? 1 : header_.format;
    std::string file = "MThd";
    append_big_endian(file, kHeaderSize, 4);
    append_big_endian(file, static_cast<std::uint32_t>(format), 2);
    append_big_endian(file, static_cast<std::uint32_t>(tracks_), 2);
    append_big_endian(file, clock_.division, 2);
    file += std::exchange(chunks_, {});
    return file;
}

}  // namespace symphony::io
