// What was learned from the training pieces and decides a vocabulary: which values have tokens, and
// which id each has. Both schemes share it. Source: own.
#pragma once

#include "symphony/base/json.h"
#include "symphony/score/harmony.h"
#include "symphony/tokens/grid_piece.h"
#include "symphony/tokens/part_class.h"
#include "symphony/tokens/tokenizer.h"
#include "symphony/tokens/vocabulary.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace symphony::tokens {

// What every tokenizer.json of ours says first.
inline constexpr const char* kTokenizerFormat = "symphony-tokenizer";
inline constexpr int kTokenizerVersion = 1;

// The values, in the order of their ids. Where a kind has one value in the corpus it gets no
// tokens, and that value is what decoding puts there.
struct LayoutValues {
    std::string scheme = "remi";
    int steps_per_quarter = 12;
    bool has_parts = true;    // notes carry their part (remi)
    bool has_chords = false;  // chords are announced (note)
    bool has_phrases = false;
    bool has_rests = false;
    bool has_given = false;                 // notes may be told ahead of their bar
    std::vector<score::Meter> meters;       // at least one
    std::vector<int> tempos;                // classes, see tempo_of_class; may be empty
    std::vector<std::int64_t> bar_lengths;  // steps: those seen in irregular bars and powers of two
    std::vector<std::int64_t> positions;    // steps in the bar: 0 and those seen
    std::vector<std::int64_t> lengths;      // steps: the common ones and powers of two
    std::vector<int> velocities;            // at least one
    int lowest_pitch = 60, highest_pitch = 60;
    int micro_timing_bins = 0;                  // see GridOptions; 0: none
    std::vector<std::pair<int, int>> controls;  // controller and value, in rising order
    std::vector<int> drums;                     // drum keys seen
    std::vector<PartClass> parts;    // at least one; without has_parts: who is guessed to play
    std::vector<score::Role> roles;  // at least one

    bool operator==(const LayoutValues&) const = default;
};

// Tempo classes: twelve to the doubling of the speed, class 0 is 60 quarters a minute; the tempo of
// a class is a whole number.
int tempo_class(double quarters_per_minute);
double tempo_of_class(int tempo_class);

// Ids first .. first + count - 1, one for each value of a kind.
struct IdRange {
    TokenId first = -1;
    int count = 0;

    bool has(TokenId id) const { return id >= first && id < first + count; }
    TokenId id(std::size_t index) const { return first + static_cast<TokenId>(index); }
    std::size_t index(TokenId id) const { return static_cast<std::size_t>(id - first); }
    bool empty() const { return count == 0; }
};

enum class Kind : std::uint8_t {
    kEnd,
    kPhrase,
    kBar,
    kKey,
    kMeter,
    kTempo,
    kBarLength,
    kPosition,
    kLater,
    kRest,
    kChord,
    kPart,
    kRole,
    kControl,
    kVelocity,
    kPitch,
    kDrum,
    kMicroTiming,
    kLength,
    kGiven,
};
inline constexpr int kKinds = 20;

// Bars left up to here have a token each; further off it is "more".
inline constexpr int kMaxBarsLeft = 16;
// Notes can be given of the next bar and of so many after it.
inline constexpr int kMaxGivenAhead = 16;
inline constexpr int kMaxMicroTimingBins = 255;
// Positions that training never saw are spelled as distances in powers of two, 1 .. 1024 steps.
inline constexpr int kLaterTokens = 11;

class Layout {
  public:
    explicit Layout(LayoutValues values);

    const LayoutValues& values() const { return values_; }
    const Vocabulary& vocabulary() const { return vocabulary_; }
    const IdRange& range(Kind kind) const { return ranges_[static_cast<std::size_t>(kind)]; }
    Kind kind(TokenId id) const { return kinds_[static_cast<std::size_t>(id)]; }
    // Which value of its kind the id stands for.
    std::size_t index(TokenId id) const { return range(kind(id)).index(id); }
    bool valid(TokenId id) const { return id >= 0 && id < vocabulary_.size(); }

    TokenId end() const { return range(Kind::kEnd).first; }
    TokenId bar(int bars_left) const;     // kMaxBarsLeft + 1 and above: "more"
    TokenId given(int bars_ahead) const;  // -1 where there is none
    TokenId key(score::Key key) const;
    TokenId chord(score::Chord chord) const;
    score::Key key_at(std::size_t index) const;
    score::Chord chord_at(std::size_t index) const;

    base::Json to_json() const;

  private:
    void add(Kind kind, TokenKind token_kind, const std::vector<std::string>& names);

    LayoutValues values_;
    Vocabulary vocabulary_;
    std::array<IdRange, kKinds> ranges_;
    std::vector<Kind> kinds_;  // by id
};

// Throws Error (kModel) naming `path` if the JSON is damaged.
LayoutValues layout_values_from_json(const base::Json& json, const std::string& path);

// Collects what the pieces hold, in any order, and decides the values.
class LayoutLearner {
  public:
    LayoutLearner(std::string scheme, int steps_per_quarter, const StreamOptions& options);
    int steps_per_quarter() const { return base_.steps_per_quarter; }
    void add(const GridPiece& piece);
    // What another one, made with the same arguments, has seen.
    void merge(const LayoutLearner& other);
    // Precondition: at least one note was added.
    LayoutValues finish() const;

  private:
    LayoutValues base_;
    StreamOptions options_;
    std::set<std::pair<int, int>> controls_;
    bool any_phrase_ = false;
    std::map<score::Meter, std::int64_t> meters_;
    std::set<int> tempos_;
    bool without_tempo_ = false;
    std::set<std::int64_t> bar_lengths_, positions_;
    std::map<std::int64_t, std::int64_t> lengths_;
    std::map<int, std::int64_t> velocities_;
    std::set<int> drums_;
    int lowest_ = score::kPitches, highest_ = -1;
    std::map<PartClass, std::int64_t> parts_;                   // pieces that have it
    std::map<std::vector<PartClass>, std::int64_t> ensembles_;  // where parts were merged
    std::int64_t pieces_ = 0;
    std::set<score::Role> roles_;
};

}  // namespace symphony::tokens
