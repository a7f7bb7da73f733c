// Sub-words over the ids of any other tokenizer, learned by byte-pair encoding or as a unigram
// model. Tokens by which generation steers (end, bars, keys, metres, tempos, plans) keep ids of
// their own and are never merged; all between two of them may be. Source: own, after Fradet et al.,
// "Byte Pair Encoding for Symbolic Music", 2023.
#pragma once

#include "symphony/tokens/miditok/subword.h"
#include "symphony/tokens/piece_trie.h"
#include "symphony/tokens/subword_options.h"
#include "symphony/tokens/tokenizer.h"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace symphony::tokens {

// What sub-words of `base` are learned from: the piece's base ids, cut at tokens that are never
// merged. In any order, sequences of all pieces learn the same sub-words.
std::vector<std::vector<int>> subword_sequences(const Tokenizer& base, const score::Score& score);

// `base` with sub-words; fewer than asked for if there are no more. MidiTok's schemes of one
// vocabulary stay MidiTok's, whose own tokenizer.json holds the sub-words; others are wrapped.
// Error (kUsage) if the vocabulary is as large as asked already.
std::unique_ptr<Tokenizer> with_subwords(std::unique_ptr<Tokenizer> base,
                                         std::span<const std::vector<int>> sequences,
                                         const SubwordOptions& options);

// The same for pieces at hand.
std::unique_ptr<Tokenizer> with_subwords(std::unique_ptr<Tokenizer> base,
                                         std::span<const score::Score> scores,
                                         const SubwordOptions& options);

// The name in place of a scheme's in the tokenizer.json of a wrapped tokenizer.
inline constexpr const char* kSubwordFormat = "subwords";

class SubwordTokenizer final : public Tokenizer {
  public:
    std::string scheme() const override { return state_->base->scheme(); }
    const Vocabulary& vocabulary() const override { return state_->vocabulary; }
    int steps_per_quarter() const override { return state_->base->steps_per_quarter(); }
    Encoded encode(const score::Score& score) const override;
    score::Score decode(std::span<const TokenId> ids) const override;
    std::unique_ptr<Grammar> grammar() const override;
    TokenId end_token() const override { return own(state_->base->end_token()); }
    bool is_plan(TokenId id) const override;
    TokenId bar_token(int bars_left) const override {
        return own(state_->base->bar_token(bars_left));
    }
    TokenId key_token(score::Key key) const override { return own(state_->base->key_token(key)); }
    TokenId meter_token(score::Meter meter) const override {
        return own(state_->base->meter_token(meter));
    }
    TokenId tempo_token(double quarters_per_minute) const override {
        return own(state_->base->tempo_token(quarters_per_minute));
    }
    base::Json to_json() const override;

    // Error (kModel) naming `path` if it is damaged.
    static std::unique_ptr<SubwordTokenizer> from_json(const base::Json& json,
                                                       const std::string& path);

    // Shared with grammars, which outlive calls.
    struct State {
        State(std::unique_ptr<Tokenizer> tokenizer, miditok::SubWords words);

        std::unique_ptr<Tokenizer> base;
        miditok::SubWords subwords;
        Vocabulary vocabulary;
        std::vector<std::vector<TokenId>> pieces;  // base ids of each id
        PieceTrie trie;                            // of pieces
    };

    explicit SubwordTokenizer(std::shared_ptr<const State> state) : state_(std::move(state)) {}

  private:
    TokenId own(TokenId base_id) const {
        return base_id < 0 ? -1 : state_->subwords.id_of_base(base_id);
    }

    std::shared_ptr<const State> state_;
};

}  // namespace symphony::tokens
