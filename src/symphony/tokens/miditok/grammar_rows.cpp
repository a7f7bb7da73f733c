// WordGrammar of the schemes whose ids come in rows: cpword, octuple, mumidi.
#include "symphony/tokens/miditok/grammar.h"

#include <algorithm>

namespace symphony::tokens::miditok {

bool WordGrammar::legal_in_row(Word word, int column) const {
    if (column != column_) return false;
    switch (config_->scheme) {
        case Scheme::kCpWord:
            return legal_cpword(word, column);
        case Scheme::kOctuple:
            return legal_octuple(word, column);
        default:
            return legal_mumidi(word, column);
    }
}

bool WordGrammar::legal_cpword(Word word, int column) const {
    const Type type = word.type;
    const bool can_place =
        clock_.bars_begun() > 0 &&
        position_ + 1 < config_->positions_per_beat() * clock_.clock().meter.numerator;
    if (column == 0) return type == Type::kFamily && (word.value == kMetric || placed_);
    const bool is_note = row_[0].value == kNote;
    if (column == 1) {
        if (is_note) return type == Type::kIgnore;
        if (type == Type::kPosition) return can_place && position_fits(word.value);
        return type == Type::kBar || (type == Type::kIgnore && config_->use_rests);
    }
    if (column == 2)
        return is_note ? type == Type::kPitch || type == Type::kPitchDrum : type == Type::kIgnore;
    const Type place = row_[1].type;
    const bool is_rest = !is_note && place == Type::kIgnore;
    const auto is_column = [&](Type t) { return column_of(t, *config_) == column; };
    if (is_column(Type::kVelocity) || is_column(Type::kDuration) || is_column(Type::kProgram))
        return (type != Type::kIgnore) == is_note && type != Type::kSpecial;
    if (is_column(Type::kChord))
        return type == Type::kIgnore || (type == Type::kChord && place == Type::kPosition);
    if (is_column(Type::kRest)) return (type == Type::kRest) == is_rest && type != Type::kSpecial;
    if (is_column(Type::kTempo))
        return (type == Type::kTempo) == (place == Type::kPosition) && type != Type::kSpecial;
    return (type == Type::kTimeSig) == (place == Type::kBar) && type != Type::kSpecial;
}

bool WordGrammar::legal_octuple(Word word, int column) const {
    if (word.type == Type::kSpecial) return false;
    const bool last_bar = octuple_bar_ + 1 >= config_->max_bar_embedding.value_or(1);
    if (column == 1) return !last_bar || word.value >= octuple_position_;
    if (column == 2)
        return row_[1].value < octuple_position_ ? word.value > octuple_bar_
                                                 : word.value >= octuple_bar_;
    return true;
}

bool WordGrammar::legal_mumidi(Word word, int column) const {
    const Type type = word.type;
    const int bar = clock_.bars_begun() - 1;
    const int most_bars = config_->max_bar_embedding.value_or(1);
    if (column == 0) {
        const bool in_program =
            before_ == Type::kProgram || before_ == Type::kChord || before_ == Type::kPitch;
        switch (type) {
            case Type::kBar:
                return bar + 1 < most_bars;
            case Type::kPosition:
                return bar >= 0 && position_fits(word.value);
            case Type::kProgram:
                return before_ == Type::kPosition || in_program;
            case Type::kChord:
                return before_ == Type::kProgram || before_ == Type::kChord;
            case Type::kPitch:
                return in_program && program_ != kDrumProgram;
            case Type::kPitchDrum:
                return in_program && program_ == kDrumProgram;
            default:
                return false;
        }
    }
    const bool is_bar = row_[0].type == Type::kBar;
    if (column == 1) return type == Type::kBarPosEnc && word.value == (is_bar ? bar + 1 : bar);
    if (column == 2) {
        const int position = row_[0].type == Type::kPosition ? row_[0].value : position_;
        return type == Type::kPositionPosEnc && word.value == (is_bar ? kNone : position);
    }
    return type != Type::kSpecial;
}

void WordGrammar::step_row(Word word) {
    row_.push_back(word);
    ++column_;
    // Rows of mumidi that are no note have no velocity and no duration.
    int size = words_->columns();
    if (config_->scheme == Scheme::kMuMidi) {
        const bool is_note = row_[0].type == Type::kPitch || row_[0].type == Type::kPitchDrum;
        if (!is_note)
            size -= (config_->use_velocities ? 1 : 0) + (config_->uses_durations() ? 1 : 0);
    }
    if (column_ >= size) settle_row();
}

void WordGrammar::settle_row() {
    Word meter{Type::kSpecial, 0};
    for (const Word& word : row_) {
        if (word.type == Type::kTimeSig) meter = word;
        if (word.type == Type::kProgram) program_ = word.value;
        if (word.type == Type::kBar && config_->scheme != Scheme::kOctuple) {
            clock_.step(word);
            position_ = -1;
            placed_ = false;
        } else if (word.type == Type::kRest) {
            clock_.step(word);
            position_ = -1;
            placed_ = false;
        } else if (word.type == Type::kPosition && config_->scheme != Scheme::kOctuple) {
            clock_.step(word);
            position_ = word.value;
            placed_ = true;
        }
    }
    if (config_->scheme == Scheme::kOctuple) {
        octuple_position_ = row_[1].value;
        octuple_bar_ = row_[2].value;
        clock_.jump(octuple_bar_, octuple_position_);
    }
    if (meter.type == Type::kTimeSig) {
        clock_.step(meter);
        if (config_->scheme == Scheme::kOctuple) clock_.jump(octuple_bar_, octuple_position_);
    }
    clock_.occupy(clock_.tick());
    for (const Word& word : row_)
        if (word.type == Type::kDuration) {
            last_end_ = std::max(
                last_end_,
                clock_.tick() + values_->duration_ticks(
                                    clock_.clock().beat)[static_cast<std::size_t>(word.value)]);
            clock_.occupy(last_end_);
        }
    before_ = row_[0].type == Type::kPitchDrum ? Type::kPitch : row_[0].type;
    row_.clear();
    column_ = 0;
}

}  // namespace symphony::tokens::miditok
