// Which words may follow in MidiTok's schemes. Stricter than MidiTok's own graph of token types
// where it would allow music that cannot be (positions that go back, notes ended that do not
// sound), and as wide as what its encoding writes. Source: own.
#pragma once

#include "symphony/tokens/miditok/word_clock.h"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

namespace symphony::tokens::miditok {

// The state after some words of one piece. Streams of one piece are divided by BOS.
class WordGrammar {
  public:
    WordGrammar(const Config& config, const Values& values, const Words& words);

    // May the word come next? `column` is where it stands in a row; 0 in streams.
    bool legal(Word word, int column) const;
    // May the piece end (stream: the next one begin) here?
    bool may_end() const;
    // Takes a legal word.
    void step(Word word);
    void begin_stream();

    int column() const { return column_; }  // of the next word
    int bars_begun() const { return begun_ ? clock_.bars_begun() : 0; }
    bool anything_sounding() const { return last_end_ > clock_.tick() || !sounding_.empty(); }
    std::int64_t tick() const { return clock_.tick(); }

  private:
    // What the words so far wait for.
    enum class Wait : std::uint8_t {
        kNothing,     // anything new
        kProgrammed,  // a program was named: what it does
        kMicro,       // pertok: how far off the grid
        kVelocity,
        kDuration,  // of a note
        kPedalDuration,
        kMeter,         // remi: the metre of the bar
        kBarAfterEnd,   // remi: the bar after Bar_End
        kShiftedNote,   // structured: the note after its shift
        kTrack,         // mmm: a track, or the end
        kTrackProgram,  // mmm: the program of the track
    };

    bool legal_in_stream(Word word) const;
    bool legal_anew(Word word) const;
    bool legal_pitch(Word word) const;
    bool legal_off(Word word) const;
    bool legal_in_row(Word word, int column) const;
    bool legal_cpword(Word word, int column) const;
    bool legal_octuple(Word word, int column) const;
    bool legal_mumidi(Word word, int column) const;
    void step_stream(Word word);
    void step_row(Word word);
    void after_pitch();
    void settle_row();
    bool announces_program() const { return config_->use_programs && !config_->program_changes; }
    int pitch_of(Word word) const;
    int sounding_program(Type type) const;
    bool position_fits(int position) const;
    bool mmm() const { return config_->scheme == Scheme::kMmm; }
    Scheme spelling() const { return config_->spelling(); }
    int special(int value) const;  // 1: Track_Start, 2: Track_End, 0: another

    const Config* config_;
    const Values* values_;
    const Words* words_;
    WordClock clock_;
    bool begun_ = false;
    Wait wait_ = Wait::kNothing;
    Wait after_micro_ = Wait::kNothing;
    int program_ = 0;
    bool placed_ = false;  // remi: a position was said
    bool may_say_meter_ = false;
    int position_ = -1;         // the last one in its bar
    int last_bar_number_ = -1;  // remi with numbered bars
    struct Pitches {
        int onset = -1000, chord = -1000;
    };
    std::map<int, Pitches> pitches_;
    std::map<std::pair<int, int>, int> sounding_;  // program, pitch -> how often
    std::int64_t last_end_ = 0;
    int note_program_ = 0;
    // Rows:
    int column_ = 0;
    std::vector<Word> row_;
    Type before_ = Type::kSpecial;  // what the last row was
    int octuple_bar_ = 0, octuple_position_ = 0;
};

}  // namespace symphony::tokens::miditok
