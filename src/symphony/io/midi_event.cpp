#include "symphony/io/midi_event.h"

namespace symphony::io {
namespace {

EventState parse_payload(Bytes bytes, std::size_t at, MidiEvent& event) {
    const Vlq length = read_vlq(bytes, at);
    event.payload = length.next;
    event.next = length.next;
    if (length.cut) return EventState::kCut;
    if (!length.fits) return EventState::kBadLength;
    event.payload_size = length.value;
    if (length.value > bytes.size() - length.next) return EventState::kCut;
    event.next = length.next + length.value;
    return EventState::kGood;
}

EventState parse_meta(Bytes bytes, std::size_t at, MidiEvent& event) {
    if (at >= bytes.size()) return EventState::kCut;
    event.meta_type = bytes[at];
    const EventState state = parse_payload(bytes, at + 1, event);
    if (state == EventState::kGood && event.meta_type >= 0x80) return EventState::kBadMetaType;
    return state;
}

}  // namespace

Vlq read_vlq(Bytes bytes, std::size_t at) {
    Vlq vlq;
    // Ten bytes hold 64 bits and more: what goes on beyond them is no number.
    constexpr std::size_t kLongest = 10;
    std::uint64_t value = 0;
    for (std::size_t length = 1; length <= kLongest; ++length, ++at) {
        if (at >= bytes.size()) {
            vlq.next = bytes.size();
            vlq.cut = true;
            return vlq;
        }
        value = (value << 7) | (bytes[at] & 0x7F);
        vlq.overlong = length > 4;
        if (bytes[at] < 0x80 || length == kLongest) {
            vlq.next = at + 1;
            vlq.fits = value <= kMaxVlq;
            vlq.value = vlq.fits ? static_cast<std::uint32_t>(value) : 0;
            return vlq;
        }
    }
    return vlq;
}

EventState parse_event(Bytes bytes, std::size_t at, std::uint8_t running, MidiEvent& event) {
    event.offset = at;
    const Vlq delta = read_vlq(bytes, at);
    event.delta = delta.value;
    event.delta_overlong = delta.overlong;
    event.body_offset = event.next = delta.next;
    if (delta.cut || delta.next >= bytes.size()) return EventState::kCut;

    std::size_t data = delta.next;
    event.running = bytes[data] < 0x80;
    event.status = event.running ? running : bytes[data++];
    if (event.status == 0) return EventState::kNoStatus;
    if (event.status == kMeta) return parse_meta(bytes, data, event);
    if (event.status == kSysexStart || event.status == kSysexEscape)
        return parse_payload(bytes, data, event);
    if (event.status >= 0xF0) return EventState::kSystem;

    const std::size_t count = data_bytes_of(event.status);
    event.next = data + count;
    if (event.next > bytes.size()) return EventState::kCut;
    for (std::size_t i = 0; i < count; ++i) {
        event.data[i] = bytes[data + i];
        if (event.data[i] < 0x80) continue;
        event.bad_data = data + i;
        return EventState::kBadData;
    }
    return EventState::kGood;
}

int count_good_events(Bytes bytes, std::size_t at, std::uint8_t running, int count,
                      bool first_needs_status) {
    MidiEvent event;
    for (int good = 0; good < count; ++good) {
        if (at == bytes.size() && good > 0) return count;
        if (parse_event(bytes, at, running, event) != EventState::kGood) return good;
        if (event.delta_overlong || event.delta > kProbableDelta) return good;
        if (good == 0 && first_needs_status && event.running) return 0;
        if (event.is_end_of_track()) return event.payload_size == 0 ? count : good;
        if (event.is_channel()) running = event.status;
        at = event.next;
    }
    return count;
}

}  // namespace symphony::io
