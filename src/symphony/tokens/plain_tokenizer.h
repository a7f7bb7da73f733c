// What token schemes without bars have in common. Source: own.
#pragma once

#include "symphony/base/json.h"
#include "symphony/tokens/tokenizer.h"

#include <cstdint>
#include <span>
#include <string>

namespace symphony::tokens {

// A scheme that announces nothing and has no tokens for bars, keys, metres or tempos to ask for.
class PlainTokenizer : public Tokenizer {
  public:
    bool is_plan(TokenId) const override { return false; }
    TokenId bar_token(int) const override { return -1; }
    TokenId key_token(score::Key) const override { return -1; }
    TokenId meter_token(score::Meter) const override { return -1; }
    TokenId tempo_token(double) const override { return -1; }
};

// A grammar that knows time but no bars: it counts bars of four quarters, so that generation can
// say how long a piece has become.
class UnbarredGrammar : public Grammar {
  public:
    bool ended() const override { return ended_; }
    int bars_begun() const override {
        return begun_ ? static_cast<int>(position_ / (std::int64_t{4} * steps_per_quarter_)) + 1
                      : 0;
    }
    int bars_left() const override { return -1; }
    bool anything_sounding() const override { return sounding_until_ > position_; }
    std::int64_t position_steps() const override { return position_; }

  protected:
    explicit UnbarredGrammar(int steps_per_quarter) : steps_per_quarter_(steps_per_quarter) {}
    UnbarredGrammar(const UnbarredGrammar&) = default;
    UnbarredGrammar& operator=(const UnbarredGrammar&) = default;

    std::int64_t position_ = 0, sounding_until_ = 0;  // steps
    bool begun_ = false, ended_ = false;

  private:
    int steps_per_quarter_;
};

// Makes the ids first .. last legal.
inline void allow(std::span<std::uint8_t> mask, TokenId first, TokenId last) {
    for (TokenId id = first; id <= last; ++id) mask[static_cast<std::size_t>(id)] = 1;
}

// The head of a tokenizer.json of ours: format, version and scheme.
base::Json tokenizer_json_head(const std::string& scheme);
// Throws Error (kModel) unless `json` says that format and version.
void check_tokenizer_json_head(const base::Json& json, const std::string& path);

}  // namespace symphony::tokens
