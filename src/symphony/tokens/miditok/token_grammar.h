// The grammar over a MidiTok tokenizer's ids: of words, of rows written out, or of sub-words.
#pragma once

#include "symphony/tokens/miditok/grammar.h"
#include "symphony/tokens/miditok/miditok_tokenizer.h"

namespace symphony::tokens::miditok {

class TokenGrammar final : public Grammar {
  public:
    explicit TokenGrammar(std::shared_ptr<const MidiTokTokenizer::State> state)
        : state_(std::move(state)), words_(state_->config, state_->values, state_->words) {}

    void allowed(std::span<std::uint8_t> mask) const override;
    void step(TokenId id) override;
    bool ended() const override { return ended_; }
    std::unique_ptr<Grammar> clone() const override {
        return std::make_unique<TokenGrammar>(*this);
    }
    int bars_begun() const override { return words_.bars_begun(); }
    int bars_left() const override { return -1; }
    bool anything_sounding() const override { return words_.anything_sounding(); }
    std::int64_t position_steps() const override { return words_.tick(); }

  private:
    bool legal(TokenId id) const;  // of an id of one word, or of none
    std::shared_ptr<const MidiTokTokenizer::State> state_;
    WordGrammar words_;
    bool ended_ = false;
    bool after_boundary_ = false;  // the last sub-word was a boundary alone
};

}  // namespace symphony::tokens::miditok
