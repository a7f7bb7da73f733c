#include "symphony/tokens/stream_grammar.h"

#include <algorithm>
#include <cassert>

namespace symphony::tokens {

StreamGrammar::StreamGrammar(std::shared_ptr<const Layout> layout) : layout_(std::move(layout)) {
    bar_.meter = layout_->values().meters.front();
    if (!has(Kind::kPart)) declare(0);
}

std::unique_ptr<Grammar> StreamGrammar::clone() const {
    return std::make_unique<StreamGrammar>(*this);
}

void StreamGrammar::declare(int part_index) {
    declared_.push_back(part_index);
    ends_.resize(declared_.size() * score::kPitches, 0);
    velocities_.push_back(-1);
    controls_.emplace_back().fill(-1);
}

void StreamGrammar::allowed(std::span<std::uint8_t> mask) const {
    assert(mask.size() == static_cast<std::size_t>(layout_->vocabulary().size()));
    for (std::size_t id = 0; id < mask.size(); ++id) mask[id] = legal(static_cast<TokenId>(id));
}

int StreamGrammar::velocity() const {
    const auto& values = layout_->values().velocities;
    const int index = part_ < 0 ? -1 : velocities_[static_cast<std::size_t>(part_)];
    return values[static_cast<std::size_t>(std::max(0, index))];
}

bool StreamGrammar::velocity_after_note() const {
    return !layout_->values().has_parts && has(Kind::kVelocity);
}

bool StreamGrammar::header_complete() const {
    switch (stage_) {
        case Stage::kKey:
            return !has(Kind::kMeter) && !has(Kind::kPart);
        case Stage::kMeter:
        case Stage::kTempo:
            return !has(Kind::kPart);
        case Stage::kPartDeclared:
            return !has(Kind::kRole);
        case Stage::kRole:
            return true;
        default:
            return false;
    }
}

bool StreamGrammar::complete() const {
    switch (stage_) {
        case Stage::kBar:
        case Stage::kBarMeter:
        case Stage::kBarLength:
        case Stage::kPhrase:
        case Stage::kKeyChange:
        case Stage::kTempoChange:
        case Stage::kControl:
        case Stage::kNoteVelocity:
            return true;
        case Stage::kLength:
            return !velocity_after_note();
        case Stage::kRest:
            return position_ == bar_end();
        default:
            return false;
    }
}

bool StreamGrammar::at_content(Stage last) const {
    return stage_ >= Stage::kPosition && stage_ <= last &&
           !(stage_ == Stage::kRest && position_ == bar_end());
}

bool StreamGrammar::is_drums(int part) const {
    const auto index = static_cast<std::size_t>(declared_[static_cast<std::size_t>(part)]);
    return layout_->values().has_parts && layout_->values().parts[index].is_drums;
}

bool StreamGrammar::may_strike(int part, int pitch, std::int64_t at) const {
    return ends_[static_cast<std::size_t>(part * score::kPitches + pitch)] <= at;
}

int StreamGrammar::sounding(int part, std::int64_t at) const {
    const auto first = ends_.begin() + std::ptrdiff_t{part} * score::kPitches;
    return static_cast<int>(
        std::count_if(first, first + score::kPitches, [at](std::int64_t end) { return end > at; }));
}

std::int64_t StreamGrammar::last_end(int part) const {
    const auto first = ends_.begin() + std::ptrdiff_t{part} * score::kPitches;
    return *std::max_element(first, first + score::kPitches);
}

bool StreamGrammar::any_pitch(int part, int below, std::int64_t at) const {
    if (is_drums(part)) {
        const auto& drums = layout_->values().drums;
        return std::any_of(drums.begin(), drums.end(),
                           [&](int drum) { return drum < below && may_strike(part, drum, at); });
    }
    for (int pitch = layout_->values().lowest_pitch;
         pitch <= layout_->values().highest_pitch && pitch < below; ++pitch)
        if (may_strike(part, pitch, at)) return true;
    return false;
}

bool StreamGrammar::may_move_to(std::int64_t at) const {
    if (at >= bar_end()) return false;
    for (int part = 0; part < static_cast<int>(declared_.size()); ++part)
        if (any_content(part, at)) return true;
    return false;
}

bool StreamGrammar::may_position(std::int64_t at) const {
    const bool sounds = at <= last_end_ || (at_bar_start_ && at == bar_.onset);
    return (sounds || !layout_->values().has_rests) && may_move_to(at);
}

bool StreamGrammar::legal_rest(std::int64_t length) const {
    const bool goes_on = stage_ == Stage::kRest && length <= last_value_;
    if (!goes_on && !(complete() && stage_ != Stage::kRest)) return false;
    const std::int64_t at = silent_from() + length;
    return at == bar_end() || may_move_to(at);
}

int StreamGrammar::control_in_force(int part, int controller) const {
    return controls_[static_cast<std::size_t>(part)][static_cast<std::size_t>(controller)];
}

bool StreamGrammar::any_control(int part) const {
    const auto& known = layout_->values().controls;
    return std::any_of(known.begin(), known.end(), [&](const auto& control) {
        return control_in_force(part, control.first) != control.second;
    });
}

bool StreamGrammar::any_content(int part, std::int64_t at) const {
    return any_pitch(part, score::kPitches, at) || any_control(part);
}

bool StreamGrammar::legal_control(std::size_t index) const {
    const auto& [controller, value] = layout_->values().controls[index];
    const bool here = stage_ == Stage::kPart || stage_ == Stage::kControl ||
                      (!has(Kind::kPart) && at_content(Stage::kChord));
    return here && controller > last_controller_ &&
           control_in_force(std::max(0, part_), controller) != value;
}

bool StreamGrammar::legal_micro_timing(std::size_t index) const {
    const auto early = static_cast<std::size_t>((layout_->values().micro_timing_bins - 1) / 2);
    return stage_ == Stage::kPitch && (position_ > 0 || index >= early);
}

// A first note here, or a further one of the part just heard.
bool StreamGrammar::may_begin_note() const {
    if (stage_ == Stage::kPart || stage_ == Stage::kControl) return true;
    if (stage_ == Stage::kLength || stage_ == Stage::kNoteVelocity) return complete();
    return !has(Kind::kPart) && at_content(Stage::kChord);
}

bool StreamGrammar::legal_bar(std::size_t index) const {
    // What was given of a later bar must come.
    if (in_given_ && given_bar_ - bars_begun_ > static_cast<int>(index)) return false;
    if (header_complete()) return true;
    if (!complete()) return false;
    const auto more = static_cast<std::size_t>(kMaxBarsLeft) + 1;
    return (bar_index_ == more && index == more) || index + 1 == bar_index_;
}

bool StreamGrammar::legal_given(std::size_t bars_ahead) const {
    const int bar = bars_begun_ + static_cast<int>(bars_ahead);
    if (bar <= given_bar_) return false;
    const bool before_a_bar = header_complete() || (complete() && bars_left_ != 0);
    return before_a_bar && (bars_left_ < 0 || static_cast<int>(bars_ahead) < bars_left_);
}

bool StreamGrammar::legal_in_given(TokenId id) const {
    switch (layout_->kind(id)) {
        case Kind::kPosition:
        case Kind::kLater:
        case Kind::kPart:
        case Kind::kVelocity:
        case Kind::kPitch:
        case Kind::kDrum:
        case Kind::kLength:
            return given_.front().legal(id);
        case Kind::kBar:
        case Kind::kGiven:
            return given_.front().stage_ != Stage::kBar && given_.front().complete();
        default:
            return false;
    }
}

bool StreamGrammar::legal_part(std::size_t index) const {
    const auto found = std::find(declared_.begin(), declared_.end(), static_cast<int>(index));
    const auto order = static_cast<int>(found - declared_.begin());
    const bool declaring = (stage_ == Stage::kKey && !has(Kind::kMeter)) ||
                           stage_ == Stage::kMeter || stage_ == Stage::kTempo ||
                           (header_complete() && !declared_.empty());
    if (declaring) {
        // Of equal players the second is declared after the first.
        const bool follows = layout_->values().parts[index].ordinal == 1 ||
                             std::find(declared_.begin(), declared_.end(),
                                       static_cast<int>(index) - 1) != declared_.end();
        return found == declared_.end() && follows;
    }
    const bool here = at_content(Stage::kChord) || (stage_ == Stage::kLength && complete()) ||
                      stage_ == Stage::kControl || stage_ == Stage::kNoteVelocity;
    return here && found != declared_.end() && order > part_ && any_content(order, position_);
}

bool StreamGrammar::legal_velocity(std::size_t index) const {
    if (velocity_after_note()) return stage_ == Stage::kLength;
    if (!may_begin_note()) return false;
    const int part = std::max(0, part_);
    return velocities_[static_cast<std::size_t>(part)] != static_cast<int>(index) &&
           any_pitch(part, pitch_, position_);
}

bool StreamGrammar::legal_pitch(int pitch, bool drum) const {
    const int part = std::max(0, part_);
    if (!may_begin_note() && stage_ != Stage::kVelocity) return false;
    if (drum != is_drums(part)) return false;
    if (has(Kind::kVelocity) && !velocity_after_note() &&
        velocities_[static_cast<std::size_t>(part)] < 0)
        return false;
    return pitch < pitch_ && may_strike(part, pitch, position_);
}

bool StreamGrammar::legal_length(std::int64_t length) const {
    if (stage_ == Stage::kLength && length > last_value_) return false;
    const Stage before = has(Kind::kMicroTiming) ? Stage::kMicroTiming : Stage::kPitch;
    if (stage_ != before && stage_ != Stage::kLength) return false;
    return bars_left_ != 0 || note_end_ + length <= bar_end();
}

std::int64_t StreamGrammar::beat() const {
    const std::int64_t steps =
        score::harmonic_beat(bar_.meter, layout_->values().steps_per_quarter).value;
    return bars_begun_ * (kMaxBarSteps + 1) + (position_ - bar_.onset) / steps;
}

bool StreamGrammar::legal_chord(std::size_t index) const {
    return at_content(Stage::kTempoChange) && index != chord_ && beat() != chord_beat_ &&
           any_pitch(0, score::kPitches, position_);
}

bool StreamGrammar::legal(TokenId id) const {
    if (!layout_->valid(id)) return false;
    const LayoutValues& values = layout_->values();
    const std::size_t index = layout_->index(id);
    if (in_given_) {
        const bool leaves = layout_->kind(id) == Kind::kBar || layout_->kind(id) == Kind::kGiven;
        if (!legal_in_given(id) || !leaves) return legal_in_given(id);
    }
    switch (layout_->kind(id)) {
        case Kind::kEnd:
            return bars_left_ == 0 && complete();
        case Kind::kPhrase:
            return at_content(Stage::kRest);
        case Kind::kBar:
            return legal_bar(index);
        case Kind::kKey:
            return stage_ == Stage::kStart ||
                   (at_content(Stage::kPhrase) && position_ > 0 && index != key_);
        case Kind::kMeter:
            return stage_ == Stage::kKey ||
                   (stage_ == Stage::kBar && bars_begun_ > 1 && values.meters[index] != bar_.meter);
        case Kind::kTempo:
            return stage_ == Stage::kMeter || (stage_ == Stage::kKey && !has(Kind::kMeter)) ||
                   (at_content(Stage::kKeyChange) && position_ > 0 &&
                    static_cast<int>(index) != tempo_);
        case Kind::kBarLength: {
            const std::int64_t steps = values.bar_lengths[index];
            if (stage_ == Stage::kBarLength)
                return steps <= last_value_ && bar_.length + steps <= kMaxBarSteps;
            return stage_ == Stage::kBar || stage_ == Stage::kBarMeter;
        }
        case Kind::kPosition: {
            const std::int64_t at = bar_.onset + values.positions[index];
            return complete() && (at_bar_start_ || at > position_) && may_position(at);
        }
        case Kind::kLater: {
            const std::int64_t steps = std::int64_t{1} << index;
            const bool begins = complete();
            const bool goes_on = stage_ == Stage::kLater && steps < last_value_;
            return (begins || goes_on) && may_position(position_ + steps);
        }
        case Kind::kRest:
            return legal_rest(values.lengths[index]);
        case Kind::kChord:
            return legal_chord(index);
        case Kind::kPart:
            return legal_part(index);
        case Kind::kRole:
            return stage_ == Stage::kPartDeclared;
        case Kind::kControl:
            return legal_control(index);
        case Kind::kMicroTiming:
            return legal_micro_timing(index);
        case Kind::kVelocity:
            return legal_velocity(index);
        case Kind::kPitch:
            return legal_pitch(values.lowest_pitch + static_cast<int>(index), false);
        case Kind::kDrum:
            return legal_pitch(values.drums[index], true);
        case Kind::kLength:
            return legal_length(values.lengths[index]);
        case Kind::kGiven:
            return legal_given(index);
    }
    return false;
}

void StreamGrammar::begin_bar(std::size_t index) {
    if (bars_begun_ > 0) bar_.onset += bar_.length;
    ++bars_begun_;
    bar_.length = full_bar_steps(bar_.meter, layout_->values().steps_per_quarter);
    bar_index_ = index;
    bars_left_ = index > static_cast<std::size_t>(kMaxBarsLeft) ? -1 : static_cast<int>(index);
    move_to(bar_.onset);
    at_bar_start_ = true;
}

void StreamGrammar::begin_given(std::size_t bars_ahead) {
    if (given_.empty()) {
        given_.push_back(*this);
        std::fill(given_.front().velocities_.begin(), given_.front().velocities_.end(), -1);
    }
    // A bar as long as any, without end and memory: its notes are settled with the others later.
    StreamGrammar& inner = given_.front();
    std::fill(inner.ends_.begin(), inner.ends_.end(), 0);
    inner.bars_begun_ = 0;
    inner.bar_.onset = 0;
    inner.begin_bar(static_cast<std::size_t>(kMaxBarsLeft) + 1);
    inner.bar_.length = kMaxBarSteps + 1;
    inner.stage_ = Stage::kBar;
    in_given_ = true;
    given_bar_ = bars_begun_ + static_cast<int>(bars_ahead);
}

void StreamGrammar::move_to(std::int64_t position) {
    position_ = position;
    at_bar_start_ = false;
    part_ = has(Kind::kPart) ? -1 : 0;
    pitch_ = score::kPitches;
    last_controller_ = -1;
}

void StreamGrammar::step(TokenId id) {
    assert(legal(id));
    const LayoutValues& values = layout_->values();
    const std::size_t index = layout_->index(id);
    const bool leaves = layout_->kind(id) == Kind::kBar || layout_->kind(id) == Kind::kGiven;
    if (in_given_ && !leaves) return given_.front().step(id);
    in_given_ = false;
    const bool in_header = bars_begun_ == 0;
    switch (layout_->kind(id)) {
        case Kind::kEnd:
            stage_ = Stage::kEnded;
            break;
        case Kind::kPhrase:
            stage_ = Stage::kPhrase;
            break;
        case Kind::kBar:
            begin_bar(index);
            stage_ = Stage::kBar;
            break;
        case Kind::kKey:
            key_ = index;
            stage_ = in_header ? Stage::kKey : Stage::kKeyChange;
            break;
        case Kind::kMeter:
            bar_.meter = values.meters[index];
            bar_.length = full_bar_steps(bar_.meter, values.steps_per_quarter);
            stage_ = in_header ? Stage::kMeter : Stage::kBarMeter;
            break;
        case Kind::kTempo:
            tempo_ = static_cast<int>(index);
            stage_ = in_header ? Stage::kTempo : Stage::kTempoChange;
            break;
        case Kind::kBarLength:
            last_value_ = values.bar_lengths[index];
            bar_.length = (stage_ == Stage::kBarLength ? bar_.length : 0) + last_value_;
            stage_ = Stage::kBarLength;
            break;
        case Kind::kPosition:
            move_to(bar_.onset + values.positions[index]);
            stage_ = Stage::kPosition;
            break;
        case Kind::kLater:
            last_value_ = std::int64_t{1} << index;
            move_to(position_ + last_value_);
            stage_ = Stage::kLater;
            break;
        case Kind::kRest:
            last_value_ = values.lengths[index];
            move_to(silent_from() + last_value_);
            stage_ = Stage::kRest;
            break;
        case Kind::kChord:
            chord_ = index;
            chord_beat_ = beat();
            stage_ = Stage::kChord;
            break;
        case Kind::kPart:
            if (in_header) {
                declare(static_cast<int>(index));
                stage_ = Stage::kPartDeclared;
            } else {
                part_ = static_cast<int>(
                    std::find(declared_.begin(), declared_.end(), static_cast<int>(index)) -
                    declared_.begin());
                pitch_ = score::kPitches;
                last_controller_ = -1;
                stage_ = Stage::kPart;
            }
            break;
        case Kind::kRole:
            stage_ = Stage::kRole;
            break;
        case Kind::kControl: {
            const auto& [controller, value] = values.controls[index];
            controls_[static_cast<std::size_t>(std::max(0, part_))]
                     [static_cast<std::size_t>(controller)] = static_cast<std::int8_t>(value);
            last_controller_ = controller;
            stage_ = Stage::kControl;
            break;
        }
        case Kind::kMicroTiming:
            stage_ = Stage::kMicroTiming;
            break;
        case Kind::kVelocity:
            velocities_[static_cast<std::size_t>(std::max(0, part_))] = static_cast<int>(index);
            stage_ = velocity_after_note() ? Stage::kNoteVelocity : Stage::kVelocity;
            break;
        case Kind::kPitch:
        case Kind::kDrum:
            pitch_ = layout_->kind(id) == Kind::kDrum
                         ? values.drums[index]
                         : values.lowest_pitch + static_cast<int>(index);
            note_end_ = position_;
            stage_ = Stage::kPitch;
            break;
        case Kind::kLength:
            last_value_ = values.lengths[index];
            note_end_ += last_value_;
            last_end_ = std::max(last_end_, note_end_);
            ends_[static_cast<std::size_t>(std::max(0, part_) * score::kPitches + pitch_)] =
                note_end_;
            stage_ = Stage::kLength;
            break;
        case Kind::kGiven:
            begin_given(index);
            break;
    }
}

}  // namespace symphony::tokens
