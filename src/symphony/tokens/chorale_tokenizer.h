// The scheme `chorale`: four voices on a grid of 16ths, a pitch for each voice in each step,
// soprano first. Source: the form in which the JSB chorales are a benchmark (Huang et al.,
// "Counterpoint by convolution", 2017; "Music Transformer", 2019). As there, a note held and one
// struck again are the same.
#pragma once

#include "symphony/tokens/plain_tokenizer.h"

#include <array>
#include <cstdint>
#include <vector>

namespace symphony::tokens {

inline constexpr int kChoraleVoices = 4;
inline constexpr int kSilentVoice = -1;

// What a voice sounds in each step; kSilentVoice where it rests.
using ChoraleStep = std::array<int, kChoraleVoices>;

struct ChoraleGrid {
    std::vector<ChoraleStep> steps;
    // Where each pitch comes from, for the step in which its note begins; else {-1, -1}.
    std::vector<std::array<TokenSource, kChoraleVoices>> sources;
    std::map<std::string, std::int64_t> losses;
};

// The first four pitched parts with notes are the voices, in their order. Losses: part-dropped
// (notes of further parts), drums-dropped, note-dropped (between two steps), overlap-cut (cut by a
// later note of the voice). A step sounds what sounds at its beginning.
ChoraleGrid chorale_grid(const score::Score& score, int steps_per_quarter);

// Has it four pitched parts, each of which plays one note at a time?
bool is_four_voiced(const score::Score& score);

class ChoraleTokenizer final : public PlainTokenizer {
  public:
    // Pitches lowest .. highest have tokens.
    ChoraleTokenizer(int steps_per_quarter, int lowest, int highest);
    std::string scheme() const override { return "chorale"; }
    const Vocabulary& vocabulary() const override { return vocabulary_; }
    int steps_per_quarter() const override { return steps_per_quarter_; }
    // Pitches without a token are rests, counted as pitch-dropped.
    Encoded encode(const score::Score& score) const override;
    score::Score decode(std::span<const TokenId> ids) const override;
    std::unique_ptr<Grammar> grammar() const override;
    TokenId end_token() const override { return vocabulary_.size() - 1; }
    base::Json to_json() const override;

  private:
    int steps_per_quarter_, lowest_, highest_;
    Vocabulary vocabulary_;
};

// Its finish throws Error (kInput) unless most pieces are four-voiced.
std::unique_ptr<TokenizerLearner> chorale_learner(const TokenizerOptions& options);
std::unique_ptr<Tokenizer> chorale_tokenizer_from_json(const base::Json& json,
                                                       const std::string& path);

}  // namespace symphony::tokens
