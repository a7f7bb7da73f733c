// MIDI events -> parts: one part for each channel of each track, whatever the file's format.
// Source: own.
#pragma once

#include "symphony/io/diagnostic_log.h"
#include "symphony/io/midi_chunks.h"
#include "symphony/io/midi_event.h"
#include "symphony/io/midi_time.h"
#include "symphony/io/note_pairing.h"
#include "symphony/score/score.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symphony::io {

// What one channel of one track holds.
struct ChannelPart {
    int track = 0;
    int port = 0;
    score::Part part;
    std::size_t programs_before_notes = 0;  // entries of part.programs before the first note
    std::uint8_t bank_msb = 0, bank_lsb = 0;
};

class MidiAssembler {
  public:
    // `bytes` is the whole file, which payloads of events lie in.
    MidiAssembler(Bytes bytes, const MidiHeader& header, const MidiClock& clock,
                  const ReadOptions& options, DiagnosticLog& log);

    void begin_track(int track);
    // False when a limit is reached and nothing more is taken (salvage; else the log throws).
    bool take(ChannelMessage message);
    bool take(const MidiEvent& event);  // of another kind
    void end_track(std::uint64_t offset);

    // Call once, after the last track.
    score::Score finish();
    // Afterwards: what texts that are not UTF-8 are in, as iconv calls it; "UTF-8" if there are
    // none.
    const std::string& text_encoding() const { return text_encoding_; }

  private:
    // Remarks of one track, counted instead of repeated.
    struct Tally {
        std::uint64_t times = 0;
        std::uint64_t offset = 0;
    };

    bool charge(std::uint64_t bytes, std::uint64_t offset) {
        if (bytes > budget_) return overdraw(offset);
        budget_ -= bytes;
        return true;
    }
    bool overdraw(std::uint64_t offset);
    void remark(MidiTrouble trouble, std::uint64_t offset);
    void note_foreign_text(std::string_view text, std::uint64_t offset);
    void decode_texts();
    void advance(std::uint32_t delta, std::uint64_t offset);
    ChannelPart& begin_part(int channel);
    bool take_note_on(ChannelMessage message, ChannelPart& channel);
    void take_note_off(ChannelMessage message, ChannelPart& channel);
    bool take_control(ChannelMessage message, ChannelPart& channel);
    void take_sysex(const MidiEvent& event);
    bool take_meta(const MidiEvent& event);
    bool take_text(const MidiEvent& event);
    void take_meter(const MidiEvent& event);
    void take_key(const MidiEvent& event);
    void take_tempo(const MidiEvent& event);
    void take_sequencer_specific(const MidiEvent& event);
    bool has_payload(const MidiEvent& event, std::size_t wanted);
    bool is_drum_channel(int channel, const ChannelPart& part) const;
    void place_texts();

    Bytes bytes_;
    MidiHeader header_;
    MidiClock clock_;
    ReadOptions options_;
    DiagnosticLog& log_;
    std::uint64_t budget_;  // bytes that the score may still take
    std::uint64_t notes_left_;

    int track_ = 0;
    std::int64_t base_ = 0;    // where this track begins
    std::int64_t latest_ = 0;  // where time ends
    std::int64_t now_ = 0;
    std::int64_t last_end_ = 0;  // of all tracks
    int port_ = 0;
    std::optional<int> prefix_;              // channel that the next meta events are for
    std::size_t first_part_ = 0;             // of this track, in parts_
    std::array<int, 16> part_of_channel_{};  // index in parts_, -1: none
    std::array<NotePairing, 16> pairings_;
    std::string name_, instrument_;
    std::vector<std::pair<int, std::string>> channel_names_;
    std::vector<score::Text> texts_;
    std::array<Tally, kMidiTroubles> tallies_{};

    // Text that is not UTF-8 stays as it is until the whole file tells what encoding it is in.
    struct ForeignText {
        int track = 0;
        Tally tally;
    };
    std::vector<ForeignText> foreign_texts_;  // one a track
    std::string foreign_sample_;
    std::string text_encoding_ = "UTF-8";

    std::vector<ChannelPart> parts_;
    SharedEvents shared_;
    score::Score score_;
    std::array<std::optional<bool>, 16> drums_by_sysex_{};
    bool is_xg_ = false;
};

// Settles what channels share across tracks (programs and controls given on a track without notes)
// and leaves out parts without notes, unless they are named. Fills score.parts.
void place_parts(std::vector<ChannelPart> channels, score::Score& score, DiagnosticLog& log);

}  // namespace symphony::io
