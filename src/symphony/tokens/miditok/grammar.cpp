#include "symphony/tokens/miditok/grammar.h"

#include <algorithm>

namespace symphony::tokens::miditok {

WordGrammar::WordGrammar(const Config& config, const Values& values, const Words& words)
    : config_(&config), values_(&values), words_(&words), clock_(config, values) {
    begin_stream();
}

void WordGrammar::begin_stream() {
    clock_ = WordClock(*config_, *values_);
    wait_ = mmm() ? Wait::kTrack : Wait::kNothing;
    program_ = 0;
    placed_ = spelling() != Scheme::kRemi && config_->scheme != Scheme::kCpWord;
    may_say_meter_ = false;
    position_ = last_bar_number_ = -1;
    pitches_.clear();
    sounding_.clear();
    column_ = 0;
    row_.clear();
    before_ = Type::kSpecial;
    octuple_bar_ = octuple_position_ = 0;
}

int WordGrammar::special(int value) const {
    const std::string& name = config_->special_tokens[static_cast<std::size_t>(value)];
    return name == "Track_Start" ? 1 : name == "Track_End" ? 2 : 0;
}

bool WordGrammar::may_end() const {
    if (config_->has_rows()) return column_ == 0;
    if (mmm()) return wait_ == Wait::kTrack;
    return wait_ == Wait::kNothing && sounding_.empty();
}

bool WordGrammar::legal(Word word, int column) const {
    return config_->has_rows() ? legal_in_row(word, column) : column == 0 && legal_in_stream(word);
}

int WordGrammar::pitch_of(Word word) const {
    const auto last = pitches_.find(program_);
    if (word.type == Type::kPitchIntervalTime)
        return last == pitches_.end() ? -1 : last->second.onset + word.value;
    if (word.type == Type::kPitchIntervalChord)
        return last == pitches_.end() ? -1 : last->second.chord + word.value;
    return word.value;
}

bool WordGrammar::legal_pitch(Word word) const {
    const int pitch = pitch_of(word);
    return config_->pitch_range.first <= pitch && pitch <= config_->pitch_range.second
               ? true
               : (word.type == Type::kPitchDrum || word.type == Type::kDrumOn);
}

int WordGrammar::sounding_program(Type type) const {
    const bool drum = type == Type::kDrumOn || type == Type::kDrumOff;
    return drum && !config_->use_programs ? kDrumProgram : program_;
}

bool WordGrammar::legal_off(Word word) const {
    return sounding_.contains({sounding_program(word.type), word.value});
}

bool WordGrammar::position_fits(int position) const {
    return position > position_ &&
           position < config_->positions_per_beat() * clock_.clock().meter.numerator;
}

bool WordGrammar::legal_in_stream(Word word) const {
    const Type type = word.type;
    switch (wait_) {
        case Wait::kNothing:
            return legal_anew(word);
        case Wait::kProgrammed:
            if (starts_note(type)) return legal_pitch(word);
            if (type == Type::kNoteOff || type == Type::kDrumOff) return legal_off(word);
            // Shifts of pertok may leave so much that another follows.
            if (type == Type::kTimeShift || type == Type::kPosition)
                return spelling() == Scheme::kPerTok;
            return type == Type::kPitchBend || type == Type::kChord;
        case Wait::kMicro:
            return type == Type::kMicroTiming;
        case Wait::kVelocity:
            return type == Type::kVelocity;
        case Wait::kDuration:
        case Wait::kPedalDuration:
            return type == Type::kDuration;
        case Wait::kMeter:
            return type == Type::kTimeSig;
        case Wait::kBarAfterEnd:
            return type == Type::kBar && word.value != kBarEnd &&
                   (word.value == kNone || word.value > last_bar_number_);
        case Wait::kShiftedNote:
            return config_->use_programs ? type == Type::kProgram
                                         : starts_note(type) && legal_pitch(word);
        case Wait::kTrack:
            return type == Type::kSpecial && special(word.value) == 1;
        case Wait::kTrackProgram:
            return type == Type::kProgram;
    }
    return false;
}

bool WordGrammar::legal_anew(Word word) const {
    const Type type = word.type;
    const bool bars = spelling() == Scheme::kRemi;
    if (spelling() == Scheme::kStructured) return type == Type::kTimeShift;
    switch (type) {
        case Type::kSpecial:
            return mmm() && special(word.value) == 2 && sounding_.empty();
        case Type::kBar:
            if (word.value == kBarEnd) return clock_.bars_begun() > 0;
            if (config_->use_bar_end_tokens && clock_.bars_begun() > 0) return false;
            return spelling() == Scheme::kPerTok || word.value == kNone ||
                   word.value > last_bar_number_;
        case Type::kPosition:
            // Where the first bar begins with a rest it has no token.
            return bars ? clock_.bars_begun() > 0 && position_fits(word.value) : true;
        case Type::kTimeShift:
            return true;
        case Type::kRest:
            return !bars || placed_ || begun_ || position_ < 0;
        case Type::kTimeSig:
            return bars ? may_say_meter_ : true;
        case Type::kProgram:
            return placed_ || (config_->program_changes && !begun_);
        case Type::kPitchBend:
        case Type::kChord:
            return placed_ && !announces_program();
        case Type::kNoteOff:
        case Type::kDrumOff:
            return placed_ && !announces_program() && legal_off(word);
        case Type::kTempo:
        case Type::kPedal:
        case Type::kPedalOff:
            return placed_;
        default:
            return placed_ && starts_note(type) && !announces_program() && legal_pitch(word);
    }
}

void WordGrammar::step(Word word) {
    if (config_->has_rows())
        step_row(word);
    else
        step_stream(word);
    begun_ = true;
}

void WordGrammar::after_pitch() {
    if (config_->use_velocities)
        wait_ = Wait::kVelocity;
    else if (!config_->note_on_off() && config_->uses_duration(note_program_))
        wait_ = Wait::kDuration;
    else
        wait_ = Wait::kNothing;
}

void WordGrammar::step_stream(Word word) {
    const Type type = word.type;
    const bool bars = spelling() == Scheme::kRemi;
    const bool micro = spelling() == Scheme::kPerTok && config_->use_microtiming;
    // What follows, with micro-timing in between where the scheme has it.
    const auto then = [&](Wait next) {
        wait_ = micro ? Wait::kMicro : next;
        after_micro_ = next;
    };
    if (starts_note(type)) {
        const int pitch = pitch_of(word);
        Pitches& last = pitches_[program_];
        last.chord = pitch;
        if (type != Type::kPitchIntervalChord) last.onset = pitch;
        note_program_ = type == Type::kPitchDrum || type == Type::kDrumOn
                            ? sounding_program(Type::kDrumOn)
                            : program_;
        if (config_->note_on_off() && config_->uses_duration(note_program_))
            ++sounding_[{note_program_, pitch}];
        after_pitch();
        // Intervals in time are no place for micro-timing in MidiTok.
        if (micro && type != Type::kPitchIntervalTime) then(wait_);
        return;
    }
    switch (type) {
        case Type::kBar:
            clock_.step(word);
            if (word.value == kBarEnd) {
                wait_ = Wait::kBarAfterEnd;
                return;
            }
            last_bar_number_ = std::max(last_bar_number_, word.value);
            if (bars) {
                placed_ = false;
                position_ = -1;
                wait_ = config_->use_time_signatures ? Wait::kMeter : Wait::kNothing;
            }
            return;
        case Type::kPosition:
            clock_.step(word);
            position_ = word.value;
            placed_ = true;
            may_say_meter_ = false;
            return;
        case Type::kTimeShift:
            clock_.step(word);
            if (spelling() == Scheme::kStructured) wait_ = Wait::kShiftedNote;
            return;
        case Type::kRest:
            clock_.step(word);
            if (bars) {
                placed_ = false;
                may_say_meter_ = config_->use_time_signatures;
                position_ = -1;
            }
            return;
        case Type::kTimeSig:
            clock_.step(word);
            may_say_meter_ = false;
            if (bars) {
                placed_ = false;
                position_ = -1;
            }
            wait_ = Wait::kNothing;
            return;
        case Type::kProgram:
            program_ = word.value;
            clock_.occupy(clock_.tick());
            if (wait_ == Wait::kTrackProgram || config_->program_changes)
                then(Wait::kNothing);
            else
                then(Wait::kProgrammed);
            if (wait_ == Wait::kMicro && !placed_) wait_ = after_micro_;
            return;
        case Type::kMicroTiming:
            wait_ = after_micro_;
            return;
        case Type::kVelocity:
            wait_ = !config_->note_on_off() && config_->uses_duration(note_program_)
                        ? Wait::kDuration
                        : Wait::kNothing;
            return;
        case Type::kDuration: {
            if (wait_ == Wait::kDuration) {
                const std::int64_t beat = spelling() == Scheme::kPerTok ? values_->ticks_per_quarter
                                                                        : clock_.clock().beat;
                const std::int64_t end =
                    clock_.tick() +
                    values_->duration_ticks(beat)[static_cast<std::size_t>(word.value)];
                clock_.occupy(end);
                last_end_ = std::max(last_end_, end);
            }
            wait_ = Wait::kNothing;
            return;
        }
        case Type::kNoteOff:
        case Type::kDrumOff: {
            const auto struck = sounding_.find({sounding_program(type), word.value});
            if (struck != sounding_.end() && --struck->second == 0) sounding_.erase(struck);
            wait_ = Wait::kNothing;
            return;
        }
        case Type::kPedal:
            then(config_->sustain_pedal_duration ? Wait::kPedalDuration : Wait::kNothing);
            clock_.occupy(clock_.tick());
            return;
        case Type::kPedalOff:
        case Type::kPitchBend:
        case Type::kChord:
            then(Wait::kNothing);
            clock_.occupy(clock_.tick());
            return;
        case Type::kSpecial:
            if (special(word.value) == 1) {
                begin_stream();
                wait_ = Wait::kTrackProgram;
            } else {
                wait_ = Wait::kTrack;
            }
            return;
        default:
            wait_ = Wait::kNothing;
            return;
    }
}

}  // namespace symphony::tokens::miditok
