// Walks the events of one track and mends what is broken, so that whoever receives them sees only
// sound events. Repairs are judged by looking ahead: a guess is taken where the events after it
// make sense. Source: own; the kinds of damage are those seen in collections of real files.
#pragma once

#include "symphony/io/diagnostic_log.h"
#include "symphony/io/midi_event.h"

#include <cstddef>
#include <cstdint>

namespace symphony::io {

class TrackEventReader {
  public:
    // The track's events begin at `begin`; its chunk says that they end at `declared_end`, which
    // may lie beyond the bytes.
    TrackEventReader(Bytes bytes, std::size_t begin, std::uint64_t declared_end, int track,
                     DiagnosticLog& log);

    // The next sound event; false when the track is over. End of Track is an event like the others.
    // Payloads lie inside the bytes. Throws what the log throws.
    bool next(MidiEvent& event);

    // The short way through what most tracks consist of: hands channel messages to `take` up to the
    // first event that is none or needs a closer look, which next() then reads. The same messages
    // as next() would give one by one. `take(ChannelMessage)` returns false to stop; so does
    // this then.
    template <class Take>
    bool take_plain(Take&& take);

    // After the last event: where the next chunk may begin.
    std::size_t position() const { return position_; }
    // Bytes that no event could be made of.
    std::size_t skipped_bytes() const { return skipped_; }

  private:
    enum class Step : std::uint8_t {
        kEvent,  // the event is sound now
        kAgain,  // read on at position_
        kOver,   // the track is over
    };

    bool at_end();  // handles the end of the bytes; true if the track is over
    // The declared length was too short: takes in what follows, if it makes sense from `from` on.
    bool lengthen(std::size_t from);
    std::size_t next_track(std::size_t from);  // inside the readable bytes, or their end
    Step mend(MidiEvent& event, EventState state);
    Step accept(MidiEvent& event);
    Step resynchronise(std::size_t from, MidiTrouble trouble);
    Step drop(const MidiEvent& event, std::size_t next, MidiTrouble trouble);
    Step mend_bad_data(MidiEvent& event);
    bool framed_at(std::size_t at, const MidiEvent& bad);
    Step mend_bad_meta_type(const MidiEvent& event);
    Step mend_payload(const MidiEvent& event);
    Step mend_cut(const MidiEvent& event);
    Step skip_system_message(const MidiEvent& event);
    void end_of_track(std::size_t next);

    Bytes bytes_;     // the whole file
    Bytes readable_;  // the file up to the end of the track
    std::size_t position_;
    int track_;
    DiagnosticLog& log_;
    std::size_t longer_end_ =
        0;  // where the track may end if its length is too short; 0: it is not
    std::size_t next_track_ = 0;  // last answer of next_track
    bool next_track_known_ = false;
    bool over_ = false;
    bool after_meta_ = false;  // running status should have ended
    std::uint8_t running_ = 0;
    std::size_t framed_until_ = 0;     // events before this were proved to be framed
    std::uint64_t pending_delta_ = 0;  // of events that were dropped
    std::size_t skipped_ = 0;
};

template <class Take>
bool TrackEventReader::take_plain(Take&& take) {
    constexpr std::size_t kMostBytes = 7;  // four of waiting time, a status, two of data
    constexpr int kMoreDeltaBytes = 3;
    if (over_ || after_meta_ || pending_delta_ > 0 || readable_.size() < kMostBytes) return true;
    const std::uint8_t* const bytes = readable_.data();
    const std::size_t last = readable_.size() - kMostBytes;  // where one may begin
    std::uint8_t running = running_;
    std::size_t begin = position_;
    bool goes_on = true;
    while (goes_on && begin <= last) {
        const std::uint8_t* at = bytes + begin;
        std::uint32_t delta = *at & 0x7F;
        int more = 0;
        while (*at++ >= 0x80 && more < kMoreDeltaBytes) {
            delta = delta << 7 | (*at & 0x7F);
            ++more;
        }
        if (at[-1] >= 0x80) break;
        const std::uint8_t status = *at < 0x80 ? running : *at++;
        if (status < 0x80 || status >= kSysexStart) break;
        const bool has_two = data_bytes_of(status) == 2;
        const std::uint8_t first = at[0], second = has_two ? at[1] : std::uint8_t{0};
        if ((first | second) >= 0x80) break;
        const std::size_t offset = begin;
        begin = static_cast<std::size_t>(at - bytes) + 1 + has_two;
        running = status;
        goes_on = take(ChannelMessage{offset, delta, status, {first, second}});
    }
    running_ = running;
    position_ = begin;
    return goes_on;
}

}  // namespace symphony::io
