#include "symphony/tokens/stream_tokenizer.h"

#include "symphony/tokens/conform.h"
#include "symphony/tokens/stream_grammar.h"
#include "symphony/tokens/stream_speller.h"
#include "symphony/tokens/voices.h"

#include <algorithm>
#include <cstdlib>

namespace symphony::tokens {
namespace {

// What a sequence tells ahead, until its bars are known.
class GivenNotes {
  public:
    explicit GivenNotes(const Layout& layout) : layout_(layout) {}

    // A token inside notes given of `bar`, which `grammar` has taken.
    void hear(int bar, const StreamGrammar& grammar, TokenId id) {
        const Kind kind = layout_.kind(id);
        const std::int64_t at = grammar.position_steps();
        if (kind == Kind::kPitch || kind == Kind::kDrum)
            notes_.push_back({bar,
                              {.onset = at,
                               .end = at,
                               .part = grammar.part(),
                               .pitch = grammar.pitch(),
                               .velocity = grammar.velocity()}});
        if (kind == Kind::kLength)
            notes_.back().second.end += layout_.values().lengths[layout_.index(id)];
    }

    // Puts them where they belong: those of bars that came, inside their bar, with a length.
    void join(GridPiece& piece) const {
        if (notes_.empty()) return;
        for (auto [bar, note] : notes_) {
            if (bar >= static_cast<int>(piece.bars.size()) || note.end == note.onset) continue;
            const GridBar& place = piece.bars[static_cast<std::size_t>(bar)];
            if (note.onset >= place.length) continue;
            note.onset += place.onset;
            note.end += place.onset;
            piece.notes.push_back(note);
        }
        settle_notes(piece);
    }

  private:
    const Layout& layout_;
    std::vector<std::pair<int, GridNote>> notes_;  // bar, and the note from the bar's start
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
    spell(*layout_, piece, encoded);
    return encoded;
}

Encoded StreamTokenizer::encode_with_given(const GridPiece& piece, const GivenCells& given) const {
    Encoded encoded;
    encoded.losses = piece.losses;
    encoded.source_notes = piece.source_notes;
    spell_with_given(*layout_, piece, given, encoded);
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
    GivenNotes told(*layout_);
    piece.opening_meter = grammar.bar().meter;
    for (const TokenId id : ids) {
        if (!grammar.legal(id)) continue;
        grammar.step(id);
        const std::size_t index = layout_->index(id);
        if (const StreamGrammar* inner = grammar.given()) {
            told.hear(grammar.given_bar(), *inner, id);
            continue;
        }
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
            case Kind::kGiven:  // read above
                break;
        }
    }
    if (!piece.notes.empty() && piece.notes.back().end == piece.notes.back().onset)
        piece.notes.pop_back();  // cut off before its length
    told.join(piece);
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
    const auto found = std::find(meters.begin(), meters.end(), meter);
    if (layout_->range(Kind::kMeter).empty() || found == meters.end()) return -1;
    return layout_->range(Kind::kMeter).id(static_cast<std::size_t>(found - meters.begin()));
}

TokenId StreamTokenizer::tempo_token(double quarters_per_minute) const {
    const auto& tempos = layout_->values().tempos;
    const int wanted = tempo_class(quarters_per_minute);
    if (layout_->range(Kind::kTempo).empty() || wanted < tempos.front() || wanted > tempos.back())
        return -1;
    return layout_->range(Kind::kTempo).id(static_cast<std::size_t>(wanted - tempos.front()));
}

}  // namespace symphony::tokens
