// A piece as MidiTok sees it: tracks by channel and program, times in ticks, pedals as spans.
// Source: symusic 0.6.0 (its MIDI reader), MidiTok 3.0.6 (MusicTokenizer.preprocess_score).
#pragma once

#include "symphony/score/midi_messages.h"
#include "symphony/score/score.h"
#include "symphony/tokens/miditok/config.h"
#include "symphony/tokens/miditok/values.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace symphony::tokens::miditok {

struct PieceNote {
    std::int64_t time = 0, duration = 0;  // ticks
    int pitch = 60, velocity = 64;
    int part = -1, note = -1;  // where it was in the score

    std::int64_t end() const { return time + duration; }
};

struct Pedal {
    std::int64_t time = 0, duration = 0;
    std::int64_t end() const { return time + duration; }
};

struct Bend {
    std::int64_t time = 0, value = 0;
};

struct PieceTrack {
    int program = 0;
    bool is_drum = false;
    std::vector<PieceNote> notes;
    std::vector<Pedal> pedals;
    std::vector<Bend> bends;
    std::int64_t last_control = 0;  // time

    int program_token() const { return is_drum ? kDrumProgram : program; }
};

struct PieceTempo {
    std::int64_t time = 0;
    double mspq = 500'000;  // microseconds a quarter, whole as MIDI has it

    double quarters_per_minute() const { return 60'000'000 / mspq; }
};

struct PieceMeter {
    std::int64_t time = 0;
    Meter meter;
};

struct Piece {
    std::int64_t ticks_per_quarter = 480;
    std::vector<PieceTrack> tracks;
    std::vector<PieceTempo> tempos;
    std::vector<PieceMeter> meters;
    std::int64_t last_mark = 0;  // time of the last key or marker

    std::int64_t end() const;  // of everything
    // The last time at which anything begins.
    std::int64_t last_onset() const;
};

// One track for each program that a part plays.
Piece piece_of(const score::Score& score);
// As symusic reads the file: for each of its tracks one for each channel and program, notes in the
// order in which they are struck in the file.
Piece piece_of(const score::MidiMessages& messages);

using Losses = std::map<std::string, std::int64_t>;

// Brings a piece to the tokenizer's grid and values, as MidiTok does, and adds to `losses` what
// went: notes-dropped (pitch or program without tokens), unison-merged, meters-dropped,
// onset-rounded.
void preprocess(Piece& piece, const Config& config, const Values& values, Losses& losses);

// A stretch of time with one number of ticks a beat.
struct BeatSpan {
    std::int64_t end = 0;  // ticks; the last one's holds for ever
    std::int64_t ticks_per_beat = 8;
};
// As MidiTok's get_score_ticks_per_beat; one span where the options leave metres out.
std::vector<BeatSpan> beat_spans(const Piece& piece, const Config& config,
                                 std::int64_t ticks_per_quarter);

std::int64_t ticks_per_beat(Meter meter, std::int64_t ticks_per_quarter);
std::int64_t ticks_per_bar(Meter meter, std::int64_t ticks_per_quarter);

// Where bars (beats) begin, up to the last onset.
std::vector<std::int64_t> bar_ticks(const Piece& piece);
std::vector<std::int64_t> beat_ticks(const Piece& piece);

// Cuts what begins at `end` or later.
void clip(Piece& piece, std::int64_t end);

}  // namespace symphony::tokens::miditok
