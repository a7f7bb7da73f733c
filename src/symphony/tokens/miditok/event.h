// What a score says in MidiTok's words, before time is spelled: the events that all its schemes
// start from. Source: MidiTok 3.0.6 (MusicTokenizer._create_track_events and what it calls).
#pragma once

#include "symphony/tokens/miditok/piece.h"
#include "symphony/tokens/miditok/words.h"
#include "symphony/tokens/tokenizer.h"

#include <vector>

namespace symphony::tokens::miditok {

// What an event announces that could be of several kinds.
enum class Announces : std::uint8_t { kStrike, kRelease, kBend, kChord, kPedal };

struct Event {
    Word word;
    std::int64_t time = 0;
    std::int64_t note_end = 0;  // of the note that it belongs to
    int program = 0;
    Announces announces = Announces::kStrike;
    TokenSource source;
};

// Tempos and metres of the piece.
std::vector<Event> global_events(const Piece& piece, const Config& config);

// Notes, pedals, bends and chords of a track, in MidiTok's order before sorting.
std::vector<Event> track_events(const PieceTrack& track, const std::vector<BeatSpan>& spans,
                                const Config& config, const Values& values);

// By time, equal times as they were; midilike with chords ends notes before others begin.
void sort_events(std::vector<Event>& events, const Config& config);

// A Program event before each change of program (program_changes in one stream).
void insert_program_changes(std::vector<Event>& events);

struct Chord {
    int value = 0;  // of Type::kChord
    std::int64_t time = 0;
};
std::vector<Chord> detect_chords(const std::vector<PieceNote>& notes,
                                 const std::vector<BeatSpan>& spans, const Config& config,
                                 int first_beat_res);

}  // namespace symphony::tokens::miditok
