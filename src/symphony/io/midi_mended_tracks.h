// The events of a damaged MIDI file, put right one by one and written again. Unlike a file written
// from a score this keeps all that was sound: system exclusives, aftertouch, release velocities,
// ports. Texts become UTF-8. Source: own.
#pragma once

#include "symphony/base/text_encoding.h"
#include "symphony/io/midi_chunks.h"
#include "symphony/io/midi_event.h"
#include "symphony/io/midi_time.h"
#include "symphony/io/note_pairing.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace symphony::io {

class MendedTracks {
  public:
    // `bytes` is the whole file, which payloads of events lie in; texts that are not UTF-8 are in
    // `text_encoding`, as iconv calls it.
    MendedTracks(Bytes bytes, const MidiHeader& header, const MidiClock& clock,
                 const std::string& text_encoding);

    void begin_track();
    // Events as TrackEventReader gives them; what only a score reader finds wrong with them (values
    // that do not exist, lengths of meta events) is mended as MidiAssembler mends it.
    void take(const MidiEvent& event);
    // Notes get the ends that a score reader gives them.
    void end_track();
    // A vendor's chunk between the tracks, with its header.
    void keep_chunk(Bytes chunk);

    // The file; the object is empty afterwards.
    std::string take_file();

  private:
    struct Event {
        std::int64_t at;
        std::size_t begin;  // in event_bytes_, without the waiting time
        std::size_t size;
        int released = -1;  // the channel, if it is a note off
    };
    struct Channel {
        NotePairing pairing;
        std::vector<score::Note> notes;
    };

    void add(std::size_t begin, int released = -1);
    void take_channel(const MidiEvent& event);
    void take_meta(const MidiEvent& event);

    Bytes bytes_;
    MidiHeader header_;
    MidiClock clock_;
    base::TextDecoder decoder_;
    std::int64_t now_ = 0;
    std::array<Channel, 16> channels_;
    std::vector<Event> events_;  // of this track
    std::string event_bytes_;
    std::string chunks_;
    int tracks_ = 0;
};

}  // namespace symphony::io
