#include "symphony/tokens/stream_tokenizer.h"

#include "symphony/tokens/conform.h"
#include "symphony/tokens/stream_grammar.h"
#include "symphony/tokens/voices.h"

#include <algorithm>
#include <cstdlib>

namespace symphony::tokens {
namespace {

// The value's place in a sorted list that holds it.
template <class T>
std::size_t index_in(const std::vector<T>& sorted, const T& value) {
    return static_cast<std::size_t>(std::lower_bound(sorted.begin(), sorted.end(), value) -
                                    sorted.begin());
}

// Spells a conformed piece. One pass over bars, changes and notes, all sorted.
class Speller {
  public:
    Speller(const Layout& layout, const GridPiece& piece, Encoded& out)
        : layout_(layout), values_(layout.values()), piece_(piece), out_(out) {}

    void spell() {
        if (values_.has_chords) chords_ = score::beat_chords(to_score(piece_));
        header();
        for (std::size_t b = 0; b < piece_.bars.size(); ++b) bar(b);
        emit(layout_.end());
    }

  private:
    void emit(TokenId id, TokenSource source = {}) {
        out_.ids.push_back(id);
        out_.sources.push_back(source);
    }
    void emit(Kind kind, std::size_t index, TokenSource source = {}) {
        if (!layout_.range(kind).empty()) emit(layout_.range(kind).id(index), source);
    }

    // `value` as the sum of the largest known values, in falling order.
    void emit_sum(Kind kind, const std::vector<std::int64_t>& known, std::int64_t value,
                  TokenSource source = {}) {
        while (value > 0) {
            const auto next = std::upper_bound(known.begin(), known.end(), value) - 1;
            emit(kind, static_cast<std::size_t>(next - known.begin()), source);
            value -= *next;
        }
    }

    void header() {
        emit(layout_.key(piece_.keys.front().value));
        next_key_ = 1;
        emit(Kind::kMeter, index_in(values_.meters, piece_.bars.front().meter));
        if (!piece_.tempos.empty() && piece_.tempos.front().onset == 0) tempo();
        for (const GridPart& part : piece_.parts) {
            emit(Kind::kPart, index_in(values_.parts, part.part_class));
            emit(Kind::kRole, index_in(values_.roles, part.role));
        }
        velocities_.assign(piece_.parts.size(), -1);
    }

    void tempo() {
        emit(Kind::kTempo,
             index_in(values_.tempos, tempo_class(piece_.tempos[next_tempo_++].value)));
    }

    void bar(std::size_t b) {
        const GridBar& bar = piece_.bars[b];
        emit(layout_.bar(
            static_cast<int>(std::min<std::size_t>(piece_.bars.size() - 1 - b, kMaxBarsLeft + 1))));
        if (b > 0 && bar.meter != piece_.bars[b - 1].meter)
            emit(Kind::kMeter, index_in(values_.meters, bar.meter));
        if (bar.length != full_bar_steps(bar.meter, values_.steps_per_quarter))
            emit_sum(Kind::kBarLength, values_.bar_lengths, bar.length);
        const std::int64_t end = bar.onset + bar.length;
        position_ = bar.onset;
        while (true) {
            std::int64_t at = end;
            if (next_key_ < piece_.keys.size()) at = std::min(at, piece_.keys[next_key_].onset);
            if (next_tempo_ < piece_.tempos.size())
                at = std::min(at, piece_.tempos[next_tempo_].onset);
            if (next_phrase_ < piece_.phrases.size())
                at = std::min(at, piece_.phrases[next_phrase_]);
            if (next_note_ < piece_.notes.size()) at = std::min(at, piece_.notes[next_note_].onset);
            if (next_control_ < piece_.controls.size())
                at = std::min(at, piece_.controls[next_control_].onset);
            if (at >= end) break;
            position(bar.onset, at);
        }
        rest(end);
    }

    // Says the silence up to a step, if there is any and it is to be said.
    bool rest(std::int64_t to) {
        const std::int64_t silence = to - std::max(position_, sounding_until_);
        if (!values_.has_rests || silence <= 0) return false;
        emit_sum(Kind::kRest, values_.lengths, silence);
        return true;
    }

    void position(std::int64_t bar_onset, std::int64_t at) {
        const auto& known = values_.positions;
        if (rest(at)) {
            // Which says where.
        } else if (std::binary_search(known.begin(), known.end(), at - bar_onset)) {
            emit(Kind::kPosition, index_in(known, at - bar_onset));
        } else {
            for (int bit = kLaterTokens - 1; bit >= 0; --bit)
                if ((at - position_) >> bit & 1) emit(Kind::kLater, static_cast<std::size_t>(bit));
        }
        position_ = at;
        if (next_phrase_ < piece_.phrases.size() && piece_.phrases[next_phrase_] == at) {
            emit(Kind::kPhrase, 0);
            ++next_phrase_;
        }
        if (next_key_ < piece_.keys.size() && piece_.keys[next_key_].onset == at)
            emit(layout_.key(piece_.keys[next_key_++].value));
        if (next_tempo_ < piece_.tempos.size() && piece_.tempos[next_tempo_].onset == at) tempo();
        const bool notes_here =
            next_note_ < piece_.notes.size() && piece_.notes[next_note_].onset == at;
        if (notes_here && values_.has_chords) chord(at);
        part_here_ = -1;
        while (true) {
            const bool note_here =
                next_note_ < piece_.notes.size() && piece_.notes[next_note_].onset == at;
            const bool control_here = next_control_ < piece_.controls.size() &&
                                      piece_.controls[next_control_].onset == at;
            if (control_here && (!note_here || piece_.controls[next_control_].part <=
                                                   piece_.notes[next_note_].part))
                control(piece_.controls[next_control_++]);
            else if (note_here)
                note(piece_.notes[next_note_++]);
            else
                break;
        }
    }

    void name_part(int part, TokenSource source = {}) {
        if (part != part_here_)
            emit(Kind::kPart,
                 index_in(values_.parts, piece_.parts[static_cast<std::size_t>(part)].part_class),
                 source);
        part_here_ = part;
    }

    void control(const GridControl& control) {
        name_part(control.part);
        emit(Kind::kControl,
             index_in(values_.controls, std::pair(control.controller, control.value)));
    }

    // Announces the beat's chord where it differs from the one in force.
    void chord(std::int64_t at) {
        const score::Ticks here(at * std::max(1, piece_.micro_timing_bins));
        while (next_beat_ + 1 < chords_.size() && chords_[next_beat_ + 1].onset <= here)
            ++next_beat_;
        const TokenId id = layout_.chord(chords_[next_beat_].chord);
        if (id != chord_in_force_) emit(id);
        chord_in_force_ = id;
    }

    void note(const GridNote& note) {
        const TokenSource source{note.source_part, note.source_note};
        const auto part = static_cast<std::size_t>(note.part);
        name_part(note.part, source);
        const std::size_t velocity = index_in(values_.velocities, note.velocity);
        if (values_.has_parts && velocities_[part] != static_cast<int>(velocity)) {
            emit(Kind::kVelocity, velocity, source);
            velocities_[part] = static_cast<int>(velocity);
        }
        if (piece_.parts[part].part_class.is_drums)
            emit(Kind::kDrum, index_in(values_.drums, note.pitch), source);
        else
            emit(Kind::kPitch, static_cast<std::size_t>(note.pitch - values_.lowest_pitch), source);
        emit(Kind::kMicroTiming,
             static_cast<std::size_t>(note.micro_timing + (values_.micro_timing_bins - 1) / 2),
             source);
        emit_sum(Kind::kLength, values_.lengths, note.end - note.onset, source);
        sounding_until_ = std::max(sounding_until_, note.end);
        if (!values_.has_parts) emit(Kind::kVelocity, velocity, source);
    }

    const Layout& layout_;
    const LayoutValues& values_;
    const GridPiece& piece_;
    Encoded& out_;
    std::size_t next_key_ = 0, next_tempo_ = 0, next_phrase_ = 0, next_note_ = 0, next_beat_ = 0;
    std::size_t next_control_ = 0;
    int part_here_ = -1;                              // named at this position
    std::int64_t position_ = 0, sounding_until_ = 0;  // steps
    std::vector<int> velocities_;                     // index in force in each part
    std::vector<score::BeatChord> chords_;
    TokenId chord_in_force_ = -1;
};

}  // namespace

std::unique_ptr<Tokenizer> stream_tokenizer_from_json(const base::Json& json,
                                                      const std::string& path) {
    return std::make_unique<StreamTokenizer>(layout_values_from_json(json, path));
}

GridPiece StreamTokenizer::prepare(const score::Score& score) const {
    const LayoutValues& values = layout_->values();
    // What the vocabulary has no token for, conform() counts as lost.
    const bool any_control = !values.controls.empty();
    GridPiece piece = grid_piece(score, {.steps_per_quarter = values.steps_per_quarter,
                                         .merge_parts = !values.has_parts,
                                         .micro_timing_bins = values.micro_timing_bins,
                                         .pedal = any_control,
                                         .controls = any_control});
    conform(piece, values);
    return piece;
}

Encoded StreamTokenizer::encode(const score::Score& score) const {
    const GridPiece piece = prepare(score);
    Encoded encoded;
    encoded.losses = piece.losses;
    encoded.source_notes = piece.source_notes;
    encoded.ids.reserve(piece.notes.size() * 4 + piece.bars.size() * 2 + 16);
    encoded.sources.reserve(encoded.ids.capacity());
    Speller(*layout_, piece, encoded).spell();
    return encoded;
}

GridPiece StreamTokenizer::read(std::span<const TokenId> ids) const {
    const LayoutValues& values = layout_->values();
    GridPiece piece;
    piece.steps_per_quarter = values.steps_per_quarter;
    piece.micro_timing_bins = values.micro_timing_bins;
    if (layout_->range(Kind::kPart).empty())
        piece.parts.push_back({values.parts.front(), values.roles.front()});
    if (values.tempos.size() == 1) piece.tempos.push_back({0, tempo_of_class(values.tempos[0])});
    StreamGrammar grammar(layout_);
    piece.opening_meter = grammar.bar().meter;
    for (const TokenId id : ids) {
        if (!grammar.legal(id)) continue;
        grammar.step(id);
        const std::size_t index = layout_->index(id);
        const std::int64_t at = grammar.position_steps();
        switch (layout_->kind(id)) {
            case Kind::kBar:
                piece.bars.push_back(grammar.bar());
                break;
            case Kind::kMeter:
            case Kind::kBarLength:
                if (piece.bars.empty())
                    piece.opening_meter = grammar.bar().meter;
                else
                    piece.bars.back() = grammar.bar();
                break;
            case Kind::kKey:
                piece.keys.push_back({at, layout_->key_at(index)});
                break;
            case Kind::kTempo:
                piece.tempos.push_back({at, tempo_of_class(values.tempos[index])});
                break;
            case Kind::kPhrase:
                piece.phrases.push_back(at);
                break;
            case Kind::kPart:
                if (piece.bars.empty())
                    piece.parts.push_back({values.parts[index], values.roles.front()});
                break;
            case Kind::kRole:
                piece.parts.back().role = values.roles[index];
                break;
            case Kind::kVelocity:
                if (grammar.velocity_after_note())
                    piece.notes.back().velocity = values.velocities[index];
                break;
            case Kind::kPitch:
            case Kind::kDrum:
                piece.notes.push_back({.onset = at,
                                       .end = at,
                                       .part = grammar.part(),
                                       .pitch = grammar.pitch(),
                                       .velocity = grammar.velocity()});
                break;
            case Kind::kControl:
                piece.controls.push_back({at, grammar.part(), values.controls[index].first,
                                          values.controls[index].second});
                break;
            case Kind::kMicroTiming:
                piece.notes.back().micro_timing =
                    static_cast<int>(index) - (values.micro_timing_bins - 1) / 2;
                break;
            case Kind::kLength:
                piece.notes.back().end += values.lengths[index];
                break;
            case Kind::kEnd:
            case Kind::kPosition:
            case Kind::kLater:
            case Kind::kRest:
            case Kind::kChord:
                break;
        }
    }
    if (!piece.notes.empty() && piece.notes.back().end == piece.notes.back().onset)
        piece.notes.pop_back();  // cut off before its length
    if (grammar.ended()) {
        const std::int64_t end = piece.bars.back().onset + piece.bars.back().length;
        for (GridNote& note : piece.notes) note.end = std::min(note.end, end);
    }
    if (!values.has_parts && values.parts.size() > 1) {
        piece.parts.clear();
        for (const PartClass& part : values.parts)
            piece.parts.push_back({part, values.roles.front()});
        guess_voices(piece);
    }
    return piece;
}

score::Score StreamTokenizer::decode(std::span<const TokenId> ids) const {
    return to_score(read(ids));
}

std::unique_ptr<Grammar> StreamTokenizer::grammar() const {
    return std::make_unique<StreamGrammar>(layout_);
}

TokenId StreamTokenizer::meter_token(score::Meter meter) const {
    const auto& meters = layout_->values().meters;
    const std::size_t index = index_in(meters, meter);
    if (layout_->range(Kind::kMeter).empty() || index == meters.size() || meters[index] != meter)
        return -1;
    return layout_->range(Kind::kMeter).id(index);
}

TokenId StreamTokenizer::tempo_token(double quarters_per_minute) const {
    const auto& tempos = layout_->values().tempos;
    const int wanted = tempo_class(quarters_per_minute);
    if (layout_->range(Kind::kTempo).empty() || wanted < tempos.front() || wanted > tempos.back())
        return -1;
    return layout_->range(Kind::kTempo).id(static_cast<std::size_t>(wanted - tempos.front()));
}

}  // namespace symphony::tokens
