#include "symphony/tokens/stream_speller.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace symphony::tokens {
namespace {

// The value's place in a sorted list that holds it.
template <class T>
std::size_t index_in(const std::vector<T>& sorted, const T& value) {
    return static_cast<std::size_t>(std::lower_bound(sorted.begin(), sorted.end(), value) -
                                    sorted.begin());
}

// The notes that are given of a bar.
struct GivenBar {
    std::size_t bar = 0;
    std::vector<GridNote> notes;  // in the piece's order
};

// Spells a conformed piece. One pass over bars, changes and notes, all sorted.
class Speller {
  public:
    // `chords`: of the whole piece, where they are announced; `told`: notes that are told ahead
    // and are not among the piece's.
    Speller(const Layout& layout, const GridPiece& piece, std::vector<score::BeatChord> chords,
            std::vector<GivenBar> told, Encoded& out)
        : layout_(layout),
          values_(layout.values()),
          piece_(piece),
          out_(out),
          chords_(std::move(chords)),
          told_(std::move(told)) {}

    // Up to how many bars with given notes beyond the next one are told of.
    void spell(int bars_ahead) {
        header();
        for (std::size_t b = 0; b < piece_.bars.size(); ++b) {
            tell_ahead(b, bars_ahead);
            bar(b);
        }
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

    // What is given of the bar that comes next and of some after it.
    void tell_ahead(std::size_t b, int bars_ahead) {
        const auto beyond = [&] {
            return std::count_if(told_.begin(), told_.begin() + next_told_,
                                 [&](const GivenBar& told) { return told.bar > b; });
        };
        while (next_told_ < std::ssize(told_)) {
            const GivenBar& told = told_[static_cast<std::size_t>(next_told_)];
            const auto distance =
                static_cast<std::int64_t>(told.bar) - static_cast<std::int64_t>(b);
            if (distance > 0 && (distance > kMaxGivenAhead || beyond() >= bars_ahead)) return;
            emit(layout_.given(static_cast<int>(distance)));
            tell(told);
            ++next_told_;
        }
    }

    void tell(const GivenBar& told) {
        std::swap(velocities_, told_velocities_);
        velocities_.resize(piece_.parts.size(), -1);
        const std::int64_t bar_onset = piece_.bars[told.bar].onset;
        position_ = bar_onset;
        std::int64_t at = -1;
        for (const GridNote& given : told.notes) {
            if (given.onset != at) place(bar_onset, given.onset);
            at = given.onset;
            note(given);
        }
        std::swap(velocities_, told_velocities_);
    }

    void place(std::int64_t bar_onset, std::int64_t at) {
        const auto& known = values_.positions;
        if (std::binary_search(known.begin(), known.end(), at - bar_onset)) {
            emit(Kind::kPosition, index_in(known, at - bar_onset));
        } else {
            for (int bit = kLaterTokens - 1; bit >= 0; --bit)
                if ((at - position_) >> bit & 1) emit(Kind::kLater, static_cast<std::size_t>(bit));
        }
        position_ = at;
        part_here_ = -1;
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
        if (rest(at))
            position_ = at, part_here_ = -1;  // which says where
        else
            place(bar_onset, at);
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
    std::vector<GivenBar> told_;  // in rising order of bars
    std::ptrdiff_t next_told_ = 0;
    std::vector<int> told_velocities_;  // as velocities_, in what is told ahead
};

std::vector<score::BeatChord> announced_chords(const Layout& layout, const GridPiece& piece) {
    return layout.values().has_chords ? score::beat_chords(to_score(piece))
                                      : std::vector<score::BeatChord>{};
}

// Takes the given notes out of the piece.
std::vector<GivenBar> take_given(GridPiece& piece, const GivenCells& given) {
    std::vector<GivenBar> told;
    std::size_t bar = 0;
    std::erase_if(piece.notes, [&](const GridNote& note) {
        while (note.onset >= piece.bars[bar].onset + piece.bars[bar].length) ++bar;
        if (!given.cells[bar][static_cast<std::size_t>(note.part)]) return false;
        if (told.empty() || told.back().bar != bar) told.push_back({bar, {}});
        told.back().notes.push_back(note);
        return true;
    });
    return told;
}

}  // namespace

void spell(const Layout& layout, const GridPiece& piece, Encoded& out) {
    Speller(layout, piece, announced_chords(layout, piece), {}, out).spell(0);
}

void spell_with_given(const Layout& layout, const GridPiece& piece, const GivenCells& given,
                      Encoded& out) {
    assert(layout.values().has_given && given.cells.size() == piece.bars.size());
    GridPiece composed = piece;
    std::vector<GivenBar> told = take_given(composed, given);
    Speller(layout, composed, announced_chords(layout, piece), std::move(told), out)
        .spell(given.bars_ahead);
}

}  // namespace symphony::tokens
