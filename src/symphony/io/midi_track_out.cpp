#include "symphony/io/midi_track_out.h"

#include "symphony/io/midi_event.h"
#include "symphony/io/midi_meta.h"

#include <algorithm>

namespace symphony::io {
namespace {

void append_byte(std::string& bytes, std::uint8_t value) {
    bytes.push_back(static_cast<char>(value));
}

}  // namespace

void append_delta(std::string& bytes, std::int64_t delta) {
    for (; delta > kMaxVlq; delta -= kMaxVlq) {
        append_vlq(bytes, kMaxVlq);
        append_byte(bytes, kMeta);
        append_byte(bytes, meta::kText);
        append_vlq(bytes, 0);
    }
    append_vlq(bytes, static_cast<std::uint32_t>(delta));
}

void append_vlq(std::string& bytes, std::uint32_t value) {
    for (int shift = 21; shift > 0; shift -= 7)
        if (value >> shift) append_byte(bytes, static_cast<std::uint8_t>((value >> shift) | 0x80));
    append_byte(bytes, value & 0x7F);
}

void append_big_endian(std::string& bytes, std::uint32_t value, int count) {
    while (count-- > 0) append_byte(bytes, static_cast<std::uint8_t>(value >> (8 * count)));
}

void MidiTrackOut::add(score::Ticks at, WriteOrder order, std::size_t begin) {
    events_.push_back({at.value, order, begin, bytes_.size() - begin});
}

void MidiTrackOut::message(score::Ticks at, WriteOrder order, std::uint8_t status,
                           std::uint8_t first, std::uint8_t second) {
    const std::size_t begin = bytes_.size();
    for (const std::uint8_t byte : {status, first, second}) append_byte(bytes_, byte);
    add(at, order, begin);
}

void MidiTrackOut::message(score::Ticks at, WriteOrder order, std::uint8_t status,
                           std::uint8_t data) {
    const std::size_t begin = bytes_.size();
    for (const std::uint8_t byte : {status, data}) append_byte(bytes_, byte);
    add(at, order, begin);
}

void MidiTrackOut::meta(score::Ticks at, std::uint8_t type, std::string_view payload) {
    const std::size_t begin = bytes_.size();
    append_byte(bytes_, kMeta);
    append_byte(bytes_, type);
    append_vlq(bytes_, static_cast<std::uint32_t>(payload.size()));
    bytes_ += payload;
    add(at, WriteOrder::kMetaEvent, begin);
}

std::string MidiTrackOut::take_chunk(score::Ticks end) {
    std::stable_sort(events_.begin(), events_.end(), [](const Event& a, const Event& b) {
        return a.at != b.at ? a.at < b.at : a.order < b.order;
    });
    std::string body;
    body.reserve(bytes_.size() + 2 * events_.size() + 8);
    std::int64_t now = 0;
    for (const Event& event : events_) {
        append_delta(body, event.at - now);
        body.append(bytes_, event.begin, event.size);
        now = event.at;
    }
    append_delta(body, std::max(end.value, now) - now);
    append_byte(body, kMeta);
    append_byte(body, kMetaEndOfTrack);
    append_byte(body, 0);

    std::string chunk = "MTrk";
    append_big_endian(chunk, static_cast<std::uint32_t>(body.size()), 4);
    events_.clear();
    bytes_.clear();
    return chunk + body;
}

}  // namespace symphony::io
