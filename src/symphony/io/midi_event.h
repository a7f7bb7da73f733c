// One event of a MIDI track as it lies in the file, and a parser of single events that never reads
// past its end and never guesses: repairs are made one level up (midi_event_reader). Source: MIDI
// 1.0 and Standard MIDI Files 1.0 (RP-001).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace symphony::io {

using Bytes = std::span<const std::uint8_t>;
inline Bytes as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline constexpr std::uint32_t kMaxVlq = 0x0FFFFFFF;
// A longer wait than this (in ticks) makes a guessed event improbable.
inline constexpr std::uint32_t kProbableDelta = 1 << 16;
inline constexpr std::uint8_t kSysexStart = 0xF0;
inline constexpr std::uint8_t kSysexEscape = 0xF7;
inline constexpr std::uint8_t kMeta = 0xFF;
inline constexpr std::uint8_t kMetaEndOfTrack = 0x2F;

// A variable-length quantity: seven bits a byte, most significant first.
struct Vlq {
    std::uint32_t value = 0;  // 0 where it does not fit in 28 bits
    std::size_t next = 0;     // first byte after it; the span's end if it is cut
    bool cut = false;         // the span ends inside it
    bool overlong = false;    // more than four bytes
    bool fits = true;         // in 28 bits
};
Vlq read_vlq(Bytes bytes, std::size_t at);

// A channel message, without where its bytes lie.
struct ChannelMessage {
    std::size_t offset = 0;     // of its delta time
    std::uint32_t delta = 0;    // ticks since the event before
    std::uint8_t status = 0;    // 0x80..0xEF
    std::uint8_t data[2] = {};  // 0..127
    int kind() const { return status & 0xF0; }
    int channel() const { return status & 0x0F; }
};

struct MidiEvent {
    std::size_t offset = 0;  // of its delta time
    std::size_t body_offset =
        0;                    // of its status byte, or of its first data byte under running status
    std::size_t next = 0;     // first byte after it
    std::uint32_t delta = 0;  // ticks since the event before
    bool delta_overlong = false;
    bool running = false;          // written without its status byte
    std::uint8_t status = 0;       // 0x80..0xEF, 0xF0, 0xF7, 0xFF
    std::uint8_t data[2] = {};     // of a channel message
    std::uint8_t meta_type = 0;    // of a meta event
    std::size_t payload = 0;       // offset of the bytes of a meta event or system exclusive
    std::size_t payload_size = 0;  // and their number
    std::size_t bad_data = 0;      // kBadData: offset of the first data byte of 128 or more

    bool is_channel() const { return status >= 0x80 && status < 0xF0; }
    ChannelMessage message() const { return {offset, delta, status, {data[0], data[1]}}; }
    bool is_end_of_track() const { return status == kMeta && meta_type == kMetaEndOfTrack; }
};

enum class EventState : std::uint8_t {
    kGood,
    kCut,          // the bytes end inside it
    kBadData,      // a channel message with a data byte of 128 or more; `next` as if it were good
    kNoStatus,     // a data byte, and no running status
    kSystem,       // F1..F6, F8..FE
    kBadMetaType,  // type of 128 or more; `next` as if it were good
    kBadLength,    // the length of a meta event or system exclusive does not fit in 28 bits
};

// Reads the event at `at`. `running` is the status that a data byte in status position stands for,
// 0 if there is none. Fields read before the trouble are set.
EventState parse_event(Bytes bytes, std::size_t at, std::uint8_t running, MidiEvent& event);

// Data bytes of a channel message: 1 for program change and channel pressure, else 2.
inline std::size_t data_bytes_of(std::uint8_t status) { return (status & 0xE0) == 0xC0 ? 1 : 2; }

// How many of `count` events from `at` on are good, stopping early with `count` at End of Track or
// when an event ends exactly at the end of the bytes. The first must carry its own status byte, so
// that text is not taken for notes. A measure of whether a repair went the right way.
int count_good_events(Bytes bytes, std::size_t at, std::uint8_t running, int count,
                      bool first_needs_status);

}  // namespace symphony::io
