// Music as one stream of bars, positions and notes: what the schemes `remi` and `note` have in
// common. They differ in their layout: remi declares parts and names one before its notes, note
// merges them, announces chords and gives each note its velocity class. After REMI: Huang and Yang,
// "Pop Music Transformer", 2020; the rest own. docs/tokens/ spells a bar in each.
#pragma once

#include "symphony/tokens/layout.h"
#include "symphony/tokens/stream_speller.h"
#include "symphony/tokens/tokenizer.h"

#include <memory>

namespace symphony::tokens {

class StreamTokenizer final : public Tokenizer {
  public:
    explicit StreamTokenizer(LayoutValues values)
        : layout_(std::make_shared<const Layout>(std::move(values))) {}

    std::string scheme() const override { return layout_->values().scheme; }
    const Vocabulary& vocabulary() const override { return layout_->vocabulary(); }
    int steps_per_quarter() const override { return layout_->values().steps_per_quarter; }
    Encoded encode(const score::Score& score) const override;
    // `piece`, from prepare() or read(), with some of its notes told ahead. Precondition: the
    // layout has Given tokens.
    Encoded encode_with_given(const GridPiece& piece, const GivenCells& given) const;
    score::Score decode(std::span<const TokenId> ids) const override;
    std::unique_ptr<Grammar> grammar() const override;
    TokenId end_token() const override { return layout_->end(); }
    bool is_plan(TokenId id) const override { return layout_->kind(id) == Kind::kChord; }
    TokenId bar_token(int bars_left) const override { return layout_->bar(bars_left); }
    TokenId key_token(score::Key key) const override { return layout_->key(key); }
    TokenId meter_token(score::Meter meter) const override;
    TokenId tempo_token(double quarters_per_minute) const override;
    TokenId given_token(int bars_ahead) const override { return layout_->given(bars_ahead); }
    base::Json to_json() const override { return layout_->to_json(); }

    const Layout& layout() const { return *layout_; }
    // The piece that encode spells: on the grid, conformed to the vocabulary, losses counted.
    GridPiece prepare(const score::Score& score) const;
    // What a sequence says, back on the grid. Illegal tokens are skipped.
    GridPiece read(std::span<const TokenId> ids) const;

  private:
    std::shared_ptr<const Layout> layout_;
};

// The schemes note and remi; see learn_tokenizer and tokenizer_from_json.
std::unique_ptr<TokenizerLearner> stream_learner(const TokenizerOptions& options);
std::unique_ptr<Tokenizer> stream_tokenizer_from_json(const base::Json& json,
                                                      const std::string& path);

}  // namespace symphony::tokens
