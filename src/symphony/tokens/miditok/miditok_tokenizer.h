// The schemes of MidiTok as a Tokenizer: REMI, TSD, MIDILike, Structured, CPWord, Octuple, MuMIDI,
// MMM and PerTok, from MidiTok's own tokenizer.json or from our default options.
//
// Two things that MidiTok leaves to its user are settled here. Ids that are rows of several
// vocabularies are written one after another, each vocabulary's ids behind the ones before it
// (`flat` ids), so that any model of one vocabulary can learn them. Where each track has a stream
// of its own, the streams follow each other with BOS between them. A piece ends with EOS.
#pragma once

#include "symphony/tokens/message_encoder.h"
#include "symphony/tokens/miditok/encode.h"
#include "symphony/tokens/miditok/subword.h"
#include "symphony/tokens/tokenizer.h"

#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace symphony::tokens::miditok {

// One track's (or the whole piece's) ids as MidiTok's encode() gives them.
struct IdStream {
    std::vector<int> ids;        // rows follow each other, each id in its own vocabulary
    std::vector<int> row_sizes;  // row schemes only
};

class MidiTokTokenizer final : public Tokenizer, public MessageEncoder {
  public:
    explicit MidiTokTokenizer(Config config);
    // tokenizer.json of MidiTok. Error (kModel) if it is damaged or needs what is not supported.
    static std::unique_ptr<MidiTokTokenizer> from_json(const base::Json& json,
                                                       const std::string& path);

    const Config& config() const { return state_->config; }
    // The same ids as MidiTok's encode() of the same piece, without BOS and EOS: of a MIDI file
    // from its messages, of which a score drops some (a pedal before the first note). With `lost`,
    // words without a token are counted there.
    std::vector<IdStream> encode_streams(Piece piece, Losses* lost = nullptr) const;

    // A tokenizer of the same options with sub-words learned from these pieces, as MidiTok's
    // train() learns them. Error (kUsage) for row schemes or a vocabulary no larger than the
    // options' own.
    std::unique_ptr<MidiTokTokenizer> with_subwords(std::span<const score::Score> scores,
                                                    const SubwordOptions& options) const;
    // The same from what subword_sequences() gave of each piece.
    std::unique_ptr<MidiTokTokenizer> with_subwords(std::span<const std::vector<int>> sequences,
                                                    const SubwordOptions& options) const;
    // Base ids of the piece's bars, beats or tracks, as the options split them.
    std::vector<std::vector<int>> subword_sequences(const score::Score& score) const;
    std::vector<std::vector<int>> subword_sequences(Piece piece) const;
    bool has_subwords() const { return state_->subwords.has_value(); }

    std::string scheme() const override { return scheme_name(state_->config.scheme); }
    const Vocabulary& vocabulary() const override { return state_->vocabulary; }
    int steps_per_quarter() const override { return state_->values.ticks_per_quarter; }
    Encoded encode(const score::Score& score) const override;
    Encoded encode_messages(const score::MidiMessages& messages) const override;
    score::Score decode(std::span<const TokenId> ids) const override;
    std::unique_ptr<Grammar> grammar() const override;
    TokenId end_token() const override { return state_->end; }
    bool is_plan(TokenId id) const override;
    TokenId bar_token(int bars_left) const override;
    TokenId key_token(score::Key) const override { return -1; }
    TokenId meter_token(score::Meter meter) const override;
    TokenId tempo_token(double quarters_per_minute) const override;
    base::Json to_json() const override;

    // What a flat id says: its words, none for a boundary alone; `column` is the first one's.
    struct Meaning {
        std::vector<Word> words;
        int column = 0;
    };

    // Shared with grammars, which outlive calls.
    struct State {
        explicit State(Config given);
        void finish(const std::string& path);  // vocabulary, ends; after sub-words were put in
        void index_subwords();

        Config config;
        Values values;
        Words words;
        std::optional<SubWords> subwords;
        Vocabulary vocabulary;
        std::vector<Meaning> meanings;  // by flat id
        std::vector<int> offsets;       // of each column's ids
        // Of sub-words, by their base ids; what the trie does not find is beside it: ids that are
        // spelled as another one, and those that end a piece, a track, or say nothing.
        PieceTrie trie;
        std::vector<std::pair<TokenId, TokenId>> twins;
        std::vector<TokenId> unspelled;
        TokenId end = -1, separator = -1;
    };

  private:
    explicit MidiTokTokenizer(std::shared_ptr<const State> state) : state_(std::move(state)) {}

    Encoded encoded(Piece piece) const;

    std::shared_ptr<const State> state_;
};

}  // namespace symphony::tokens::miditok
