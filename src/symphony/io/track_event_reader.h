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
    bool framed_at(std::size_t at, const MidiEvent& bad) const;
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
    std::uint64_t pending_delta_ = 0;  // of events that were dropped
    std::size_t skipped_ = 0;
};

}  // namespace symphony::io
