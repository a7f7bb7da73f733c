// The interface of every token scheme: music -> ids -> music, and a grammar that says which ids may
// come next.
#pragma once

#include "symphony/base/json.h"
#include "symphony/score/score.h"
#include "symphony/tokens/vocabulary.h"

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace symphony::base {
class OptionTable;
}

namespace symphony::tokens {

// Where a token came from. part and note index the encoded Score's lists; -1 for tokens that belong
// to no note.
struct TokenSource {
    int part = -1;
    int note = -1;
};

struct Encoded {
    std::vector<TokenId> ids;          // from the first token to the end token
    std::vector<TokenSource> sources;  // one per id
    std::map<std::string, std::int64_t>
        losses;  // what the scheme could not hold: code -> count ("drums-dropped" -> 12)
    std::int64_t source_notes =
        0;  // notes of the source, dropped ones included: the denominator of bits per note
};

// State machine over one sequence. Starts before the first token.
class Grammar {
  public:
    virtual ~Grammar() = default;
    // mask[id] = 1 for every id that may come next, 0 for the rest. Precondition: mask.size() ==
    // vocabulary size. At least one id is legal until the end token was taken; none after it.
    virtual void allowed(std::span<std::uint8_t> mask) const = 0;
    // Takes a token. Precondition: it is allowed.
    virtual void step(TokenId id) = 0;
    virtual bool ended() const = 0;
    virtual std::unique_ptr<Grammar> clone() const = 0;

    // What generation steers by:
    virtual int bars_begun() const = 0;
    // Bars after the current one, as the last Bar token said; -1 if it said "more" or none came
    // yet.
    virtual int bars_left() const = 0;
    // Does any note still sound past the current position?
    virtual bool anything_sounding() const = 0;
    // Current position in steps from the start of the piece.
    virtual std::int64_t position_steps() const = 0;
};

class Tokenizer {
  public:
    virtual ~Tokenizer() = default;
    virtual std::string scheme() const = 0;  // "note", "remi"
    virtual const Vocabulary& vocabulary() const = 0;
    virtual int steps_per_quarter() const = 0;
    virtual Encoded encode(const score::Score& score) const = 0;
    // Any sequence that the grammar accepts (also a cut one) gives a valid Score; tokens that make
    // no sense are skipped.
    virtual score::Score decode(std::span<const TokenId> ids) const = 0;
    virtual std::unique_ptr<Grammar> grammar() const = 0;
    virtual TokenId end_token() const = 0;
    // Tokens that only announce (chords): decoding ignores them.
    virtual bool is_plan(TokenId id) const = 0;
    // Grammar tokens by meaning, -1 where the scheme has none: used by generate to ask for bars,
    // keys, metres and parts.
    virtual TokenId bar_token(int bars_left) const = 0;
    virtual TokenId key_token(score::Key key) const = 0;
    virtual TokenId meter_token(score::Meter meter) const = 0;
    virtual TokenId tempo_token(double quarters_per_minute) const = 0;
    // Says that notes follow which are given, of the bar so many bars after the one that comes next
    // (0: of that one). -1 where the scheme has none or that far ahead nothing can be given.
    virtual TokenId given_token(int /*bars_ahead*/) const { return -1; }
    // What tokenizer.json holds.
    virtual base::Json to_json() const = 0;
};

// What the schemes remi and note say and leave out. Of what is said, a kind with one value in the
// corpus gets no tokens.
struct StreamOptions {
    bool parts = true;      // who plays; without, all pitched parts are one stream (note: never)
    bool tempo = true;      // else nothing is said, and decoding says nothing
    bool metre = true;      // else the corpus's commonest; bars keep their lengths
    bool rests = false;     // silence is said, and positions only where something sounds
    bool chords = false;    // the harmony of each beat is announced where it changes (note: always)
    int velocity_bins = 0;  // 0: every velocity if they are few, else one of each eight in a row
    int micro_timing_bins = 0;  // places of an onset between two steps, odd; 0: on the grid alone
    bool pedal = false;         // sustain pedal (CC64), down or up
    bool controls = false;      // volume, pan and expression (CC7, 10, 11), in steps of eight
    bool given =
        false;  // tokens that tell notes ahead, for fills and accompaniments; see GivenCells

    auto operator<=>(const StreamOptions&) const = default;
    void describe(base::OptionTable& table);
};

struct TokenizerOptions {
    std::string scheme = "remi";
    int steps_per_quarter = 0;  // 0: 12 where every onset and length of the corpus fits it, else 24
    // Share of notes whose rounding to 12 steps may be lossy before 24 is taken.
    double max_lossy_share = 0.0;
    StreamOptions stream;
};

// Error (kUsage) for options that the scheme does not have or that exclude each other.
void check_stream_options(const TokenizerOptions& options);

// Learns a vocabulary piece by piece, so that no corpus need be held in memory.
class TokenizerLearner {
  public:
    virtual ~TokenizerLearner() = default;
    // In any order.
    virtual void add(const score::Score& score) = 0;
    // What another one, made with the same options, has seen.
    virtual void merge(const TokenizerLearner& other) = 0;
    // Kinds with a single value in the corpus are left out. Error (kInput) if the pieces held no
    // note, or are none for the scheme.
    virtual std::unique_ptr<Tokenizer> finish() const = 0;
};

// Error (kUsage) for an unknown scheme or options it does not have.
std::unique_ptr<TokenizerLearner> tokenizer_learner(const TokenizerOptions& options);

// The same for pieces at hand.
std::unique_ptr<Tokenizer> learn_tokenizer(std::span<const score::Score> scores,
                                           const TokenizerOptions& options);

// Throws Error (kModel) if it is damaged or of an unknown scheme.
std::unique_ptr<Tokenizer> tokenizer_from_json(const base::Json& json,
                                               const std::string& path = {});

std::vector<std::string> scheme_names();

}  // namespace symphony::tokens
