// The bytes of one track, collected in any order and written in the order of their times.
#pragma once

#include "symphony/score/units.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace symphony::io {

// At one tick, events are written in this order: what ends comes before what begins, and a sound is
// set up before it is heard.
enum class WriteOrder : std::uint8_t { kNoteOff, kMetaEvent, kProgram, kControl, kBend, kNoteOn };

class MidiTrackOut {
  public:
    void message(score::Ticks at, WriteOrder order, std::uint8_t status, std::uint8_t first,
                 std::uint8_t second);
    void message(score::Ticks at, WriteOrder order, std::uint8_t status, std::uint8_t data);
    void meta(score::Ticks at, std::uint8_t type, std::string_view payload);

    // The MTrk chunk, ended at the last event or at `end`, whichever is later. The object is empty
    // afterwards.
    std::string take_chunk(score::Ticks end);

  private:
    struct Event {
        std::int64_t at;
        WriteOrder order;
        std::size_t begin;  // in bytes_
        std::size_t size;
    };
    void add(score::Ticks at, WriteOrder order, std::size_t begin);

    std::vector<Event> events_;
    std::string bytes_;
};

// A waiting time of any length >= 0: what a delta time cannot hold is bridged by empty texts.
void append_delta(std::string& bytes, std::int64_t delta);
void append_vlq(std::string& bytes, std::uint32_t value);  // value <= kMaxVlq
void append_big_endian(std::string& bytes, std::uint32_t value, int count);

}  // namespace symphony::io
