#include "symphony/io/track_event_reader.h"

#include "symphony/io/midi_chunks.h"

#include <fmt/format.h>

#include <algorithm>

namespace symphony::io {
namespace {

// So many good events in a row prove that a guess was right.
constexpr int kProof = 4;

// Programs that transpose without looking write -3 as 0xFD and 130 as 0x82: the note of that name
// nearest to it that exists.
std::uint8_t pitch_in_range(std::uint8_t byte) {
    constexpr int kOctave = 12, kLowestNegative = 0xC0;
    int pitch = byte >= kLowestNegative ? byte - 256 : byte;
    while (pitch < 0) pitch += kOctave;
    while (pitch > 127) pitch -= kOctave;
    return static_cast<std::uint8_t>(pitch);
}

}  // namespace

TrackEventReader::TrackEventReader(Bytes bytes, std::size_t begin, std::uint64_t declared_end,
                                   int track, DiagnosticLog& log)
    : bytes_(bytes), position_(begin), track_(track), log_(log) {
    const std::size_t size = bytes.size();
    if (declared_end <= size && (declared_end == size || chunk_header_at(bytes, declared_end))) {
        readable_ = bytes.first(declared_end);
        return;
    }
    // The length is wrong, or junk follows the track. A track that begins before the declared end
    // (and may reach over it) ends this one.
    const std::size_t within = std::min<std::uint64_t>(declared_end, size);
    const std::size_t straddling = std::min(within + 3, size);
    const std::size_t next = find_text(bytes.first(straddling), "MTrk", begin);
    const std::size_t end = next < straddling ? next : within;
    readable_ = bytes.first(end);
    if (end < declared_end)
        log_.add(MidiTrouble::kTrackLengthTooLong, begin - 4, track_,
                 fmt::format("length {}, {} bytes there", declared_end - begin, end - begin));
    else
        longer_end_ = find_text(bytes, "MTrk", end);
}

bool TrackEventReader::lengthen(std::size_t from) {
    if (longer_end_ == 0) return false;
    const Bytes longer = bytes_.first(longer_end_);
    if (count_good_events(longer, from, running_, kProof, /*first_needs_status=*/running_ == 0) <
        kProof)
        return false;
    log_.add(MidiTrouble::kTrackLengthTooShort, readable_.size(), track_);
    longer_end_ = 0;
    readable_ = longer;
    next_track_known_ = false;
    return true;
}

bool TrackEventReader::at_end() {
    if (position_ < readable_.size() || lengthen(position_)) return false;
    log_.add(MidiTrouble::kMissingEndOfTrack, position_, track_);
    over_ = true;
    return true;
}

// Remembered, so that a track full of End of Track events is not searched again at each.
std::size_t TrackEventReader::next_track(std::size_t from) {
    if (!next_track_known_ || next_track_ < from) next_track_ = find_text(readable_, "MTrk", from);
    next_track_known_ = true;
    return next_track_;
}

TrackEventReader::Step TrackEventReader::accept(MidiEvent& event) {
    if (event.delta_overlong) log_.add(MidiTrouble::kVlqOverlong, event.offset, track_);
    if (event.is_channel()) {
        if (event.running && after_meta_)
            log_.add(MidiTrouble::kRunningStatusKept, event.body_offset, track_);
        running_ = event.status;
    }
    after_meta_ = !event.is_channel();
    if (pending_delta_ > 0) {
        event.delta = static_cast<std::uint32_t>(
            std::min<std::uint64_t>(kMaxVlq, event.delta + pending_delta_));
        pending_delta_ = 0;
    }
    position_ = event.next;
    return Step::kEvent;
}

// Goes on at the first sound event at or after `from`, which carries its own status.
TrackEventReader::Step TrackEventReader::resynchronise(std::size_t from, MidiTrouble trouble) {
    std::size_t at = from;
    while (at < readable_.size() &&
           count_good_events(readable_, at, running_, kProof, /*first_needs_status=*/true) < kProof)
        ++at;
    const bool found = at < readable_.size();
    log_.add(trouble, position_, track_,
             fmt::format("{} bytes{}", at - position_, found ? "" : ", the rest of the track"));
    skipped_ += at - position_;
    position_ = at;
    return found ? Step::kAgain : Step::kOver;
}

TrackEventReader::Step TrackEventReader::drop(const MidiEvent& event, std::size_t next,
                                              MidiTrouble trouble) {
    log_.add(trouble, event.body_offset, track_);
    pending_delta_ += event.delta;
    position_ = next;
    return Step::kAgain;
}

TrackEventReader::Step TrackEventReader::mend_bad_data(MidiEvent& event) {
    // Either a value is wrong and the event's length is right, or a byte is missing or too many.
    if (event.next < readable_.size() && event.offset >= framed_until_ &&
        !framed_at(event.next, event))
        return resynchronise(event.body_offset + 1, MidiTrouble::kBytesSkipped);
    log_.add(MidiTrouble::kDataByteTooLarge, event.bad_data, track_,
             fmt::format("0x{:02X}", bytes_[event.bad_data]));
    const std::size_t count = data_bytes_of(event.status);
    for (std::size_t i = 0; i < count; ++i)
        event.data[i] = std::min<std::uint8_t>(bytes_[event.next - count + i], 127);
    // A loudness can be clipped, and a pitch outside the range is that of a tune moved too far; no
    // other controller or program stands for a wrong one.
    const bool is_first = event.bad_data == event.next - count;
    const std::uint8_t kind = event.status & 0xF0;
    if (kind <= 0xA0 && is_first) event.data[0] = pitch_in_range(bytes_[event.bad_data]);
    if (kind <= 0xA0 || kind == 0xE0 || !is_first) return accept(event);
    running_ = event.status;
    after_meta_ = false;
    pending_delta_ += event.delta;
    position_ = event.next;
    return Step::kAgain;
}

// Do the next events have a sound form after `bad`, even if values among them are wrong too? A
// message that is wrong like this one (a whole passage is out of range) counts as sound.
bool TrackEventReader::framed_at(std::size_t at, const MidiEvent& bad) {
    int good = 0;
    std::uint8_t running = bad.status;
    for (int i = 0; i < kProof; ++i) {
        if (at == readable_.size()) return true;
        MidiEvent event;
        const EventState state = parse_event(readable_, at, running, event);
        if (state == EventState::kGood && event.is_end_of_track()) return true;
        const bool is_alike = event.status == bad.status && event.delta <= kProbableDelta &&
                              event.next - event.bad_data == bad.next - bad.bad_data;
        // Without a status byte of its own only a message that is wrong in the same way is
        // believed.
        if (state != EventState::kGood &&
            (state != EventState::kBadData || (event.running && !is_alike)))
            return false;
        good += state == EventState::kGood || is_alike;
        if (event.is_channel()) running = event.status;
        at = event.next;
    }
    if (good * 2 < kProof) return false;
    framed_until_ = at;
    return true;
}

TrackEventReader::Step TrackEventReader::mend_bad_meta_type(const MidiEvent& event) {
    if (event.next < readable_.size() &&
        count_good_events(readable_, event.next, running_, kProof, false) < kProof)
        return resynchronise(event.body_offset + 1, MidiTrouble::kBytesSkipped);
    return drop(event, event.next, MidiTrouble::kMetaType);
}

// A meta event or system exclusive whose length reaches past the track.
TrackEventReader::Step TrackEventReader::mend_payload(const MidiEvent& event) {
    const auto sound_at = [&](std::size_t at) {
        return count_good_events(readable_, at, running_, kProof, true) == kProof;
    };
    if (event.status != kMeta) {
        std::size_t end = event.payload;
        while (end < readable_.size() && readable_[end] < 0x80) ++end;
        if (end < readable_.size() && readable_[end] == kSysexEscape &&
            (end + 1 == readable_.size() || sound_at(end + 1)))
            return drop(event, end + 1, MidiTrouble::kSysexLength);
    }
    // A damaged length swallows what follows; where the track is really cut, nothing sound follows.
    for (std::size_t at = event.payload; at < readable_.size(); ++at)
        if (sound_at(at)) return resynchronise(at, MidiTrouble::kBytesSkipped);
    log_.add(MidiTrouble::kCutInsideEvent, event.offset, track_);
    position_ = readable_.size();
    return Step::kOver;
}

TrackEventReader::Step TrackEventReader::mend_cut(const MidiEvent& event) {
    if (lengthen(event.offset)) return Step::kAgain;
    if (event.payload > 0) return mend_payload(event);
    log_.add(MidiTrouble::kCutInsideEvent, event.offset, track_);
    position_ = readable_.size();
    return Step::kOver;
}

TrackEventReader::Step TrackEventReader::skip_system_message(const MidiEvent& event) {
    const std::uint8_t status = event.status;
    const std::size_t data = status == 0xF2 ? 2 : status == 0xF1 || status == 0xF3 ? 1 : 0;
    std::size_t next = event.body_offset + 1;
    for (std::size_t i = 0; i < data && next < readable_.size() && readable_[next] < 0x80; ++i)
        ++next;
    return drop(event, next, MidiTrouble::kSystemMessageInTrack);
}

TrackEventReader::Step TrackEventReader::mend(MidiEvent& event, EventState state) {
    switch (state) {
        case EventState::kGood:
            return accept(event);
        case EventState::kBadData:
            return mend_bad_data(event);
        case EventState::kNoStatus:
            return resynchronise(event.body_offset, MidiTrouble::kRunningStatusMissing);
        case EventState::kSystem:
            return skip_system_message(event);
        case EventState::kBadMetaType:
            return mend_bad_meta_type(event);
        case EventState::kBadLength:
            return mend_payload(event);
        case EventState::kCut:
            break;
    }
    return mend_cut(event);
}

void TrackEventReader::end_of_track(std::size_t next) {
    const std::size_t end = readable_.size();
    over_ = true;
    if (next == end) return;
    const std::size_t track = next_track(next);
    if (track < end) {
        log_.add(MidiTrouble::kTrackLengthTooLong, next, track_,
                 fmt::format("{} bytes too long", end - track));
        position_ = track;
        return;
    }
    if (count_good_events(readable_, next, running_, kProof, /*first_needs_status=*/true) ==
        kProof) {
        log_.add(MidiTrouble::kEventsAfterEndOfTrack, next, track_, "read on");
        over_ = false;
        return;
    }
    log_.add(MidiTrouble::kEventsAfterEndOfTrack, next, track_,
             fmt::format("{} bytes ignored", end - next));
    position_ = end;
}

bool TrackEventReader::next(MidiEvent& event) {
    while (!over_ && !at_end()) {
        event = MidiEvent{};
        const Step step = mend(event, parse_event(readable_, position_, running_, event));
        if (step == Step::kOver) break;
        if (step == Step::kAgain) continue;
        if (event.is_end_of_track()) end_of_track(event.next);
        return true;
    }
    over_ = true;
    return false;
}

}  // namespace symphony::io
