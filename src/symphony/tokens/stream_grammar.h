// The order in which tokens may follow each other, for both schemes. Source: own.
//
//   piece    = Key [Meter] [Tempo] {Part [Role]} {{given} bar} End
//   given    = Given {position}                       notes alone, of a bar that begins here or
//   later bar      = Bar [Meter] {BarLength} {position} {Rest}         positions are not empty
//   position = (Position | Later {Later} | Rest {Rest}) [Phrase] [Key] [Tempo] [Chord] {part}
//   part     = [Part] (control {control} {note} | note {note})      parts in their declared order
//   note     = [Velocity] Pitch [MicroTiming] Length {Length}   remi: Velocity where it changes in
//            | Pitch [MicroTiming] Length {Length} Velocity     the part; note: on each note
//
// Rest, Control and MicroTiming only where the options ask for them. A Rest counts from the end of
// what sounds; where silence is said, Position and Later lead only to where something still sounds
// or a bar begins. Given notes are told in rising order of bars, each bar once.
//
// Further: bars left count down to Bar_0, after which alone End may come; positions rise inside a
// bar; pitches fall inside a part; no pitch is struck while it sounds in its part; in Bar_0 no note
// passes the bar's end; a chord comes at most once in a beat and where it changes.
#pragma once

#include "symphony/tokens/layout.h"
#include "symphony/tokens/tokenizer.h"

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

namespace symphony::tokens {

class StreamGrammar final : public Grammar {
  public:
    explicit StreamGrammar(std::shared_ptr<const Layout> layout);

    void allowed(std::span<std::uint8_t> mask) const override;
    void step(TokenId id) override;
    bool ended() const override { return stage_ == Stage::kEnded; }
    std::unique_ptr<Grammar> clone() const override;
    int bars_begun() const override { return bars_begun_; }
    int bars_left() const override { return bars_left_; }
    bool anything_sounding() const override { return last_end_ > position_; }
    std::int64_t position_steps() const override { return position_; }

    // May `id` come next? Any int is safe to ask about.
    bool legal(TokenId id) const;

    // What the tokens so far say, for decoding.
    const GridBar& bar() const { return bar_; }
    score::Key key() const { return layout_->key_at(key_); }  // in force
    int part() const { return part_; }                        // current one, in declared order
    int pitch() const { return pitch_; }                      // of the last note
    int velocity() const;                                     // in force in the current part
    bool velocity_after_note() const;                         // the note scheme's order
    // Parts declared so far, as indices into the layout's parts.
    std::span<const int> declared() const { return declared_; }
    // Pitches of a declared part that sound past a step, and those free to be struck there.
    int sounding(int part, std::int64_t at) const;
    bool may_strike(int part, int pitch, std::int64_t at) const;
    bool is_drums(int part) const;
    // When the last note of a declared part stops sounding; 0: it has none.
    std::int64_t last_end(int part) const;
    // How far the note that is being said sounds by now; from its position on.
    std::int64_t note_end() const { return note_end_; }
    // Inside notes that are given: the grammar that reads them, from the start of their bar as its
    // onset 0; else none.
    const StreamGrammar* given() const { return in_given_ ? &given_.front() : nullptr; }
    int given_bar() const { return given_bar_; }  // the last one told of, from 0; -1: none

  private:
    enum class Stage : std::uint8_t {
        kStart,
        kKey,
        kMeter,
        kTempo,
        kPartDeclared,
        kRole,
        kBar,
        kBarMeter,
        kBarLength,
        kPosition,
        kLater,
        kRest,
        kPhrase,
        kKeyChange,
        kTempoChange,
        kChord,
        kPart,
        kControl,
        kVelocity,
        kPitch,
        kMicroTiming,
        kLength,
        kNoteVelocity,
        kEnded,
    };

    bool has(Kind kind) const { return !layout_->range(kind).empty(); }
    bool header_complete() const;
    bool complete() const;              // nothing is owed before the next position, bar or end
    bool at_content(Stage last) const;  // at a position, at most `last` given there
    bool may_begin_note() const;
    bool any_pitch(int part, int below, std::int64_t at) const;  // can any pitch be struck?
    bool any_control(int part) const;  // is there any that would change something?
    bool any_content(int part, std::int64_t at) const;
    bool may_move_to(std::int64_t at) const;
    bool may_position(std::int64_t at) const;
    bool legal_rest(std::int64_t length) const;
    std::int64_t bar_end() const { return bar_.onset + bar_.length; }
    std::int64_t silent_from() const { return std::max(position_, last_end_); }
    bool legal_bar(std::size_t index) const;
    bool legal_given(std::size_t bars_ahead) const;
    bool legal_in_given(TokenId id) const;
    bool legal_part(std::size_t index) const;
    bool legal_velocity(std::size_t index) const;
    bool legal_pitch(int pitch, bool drum) const;
    bool legal_length(std::int64_t length) const;
    bool legal_chord(std::size_t index) const;
    bool legal_control(std::size_t index) const;
    bool legal_micro_timing(std::size_t index) const;
    int control_in_force(int part, int controller) const;  // -1: none yet
    void begin_bar(std::size_t index);
    void begin_given(std::size_t bars_ahead);
    void move_to(std::int64_t position);
    void declare(int part_index);
    std::int64_t beat() const;

    std::shared_ptr<const Layout> layout_;
    Stage stage_ = Stage::kStart;
    std::vector<int> declared_;       // indices into the layout's parts, in declared order
    std::vector<std::int64_t> ends_;  // [declared part][pitch]: when it last stops sounding
    std::vector<int> velocities_;     // [declared part]: index in force, -1 before the first
    std::vector<std::array<std::int8_t, score::kPitches>> controls_;  // [declared part][controller]
    int last_controller_ = -1;                                        // of part_ at this position
    int bars_begun_ = 0;
    int bars_left_ = -1;
    std::size_t bar_index_ = 0;  // of the last Bar token
    GridBar bar_;
    bool at_bar_start_ = true;  // no position in this bar yet
    std::int64_t position_ = 0, last_end_ = 0;
    std::int64_t last_value_ =
        0;  // of the BarLength, Later, Rest or Length before, which bounds the next
    std::size_t key_ = 0;
    int tempo_ = -1;  // index, -1 for none
    int part_ = -1;   // of the last note at this position
    int pitch_ = 0;   // of the last note of part_ at this position
    std::int64_t note_end_ = 0;
    std::size_t chord_ = static_cast<std::size_t>(-1);
    std::int64_t chord_beat_ = -1;
    // At most one: it reads what is given, with velocities of its own.
    std::vector<StreamGrammar> given_;
    bool in_given_ = false;
    int given_bar_ = -1;
};

}  // namespace symphony::tokens
