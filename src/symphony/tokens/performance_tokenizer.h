// The scheme `performance`: piano as played, in 388 events: note on and off of 128 pitches, waits
// of 10 ms to 1 s, 32 velocities. Source: Oore et al., "This time with feeling", 2018, as the
// results on MAESTRO use it (Huang et al., "Music Transformer", 2019); quantising, order of events
// and the pedal as in Magenta's note-seq (Apache-2.0).
#pragma once

#include "symphony/tokens/plain_tokenizer.h"

namespace symphony::tokens {

// Ids 0 .. 387 are the published ones; 388 ends a piece. All pitched parts are one piano, drums are
// dropped. Notes held by the sustain pedal (controller 64) sound until it is let go or their pitch
// is struck again.
class PerformanceTokenizer final : public PlainTokenizer {
  public:
    PerformanceTokenizer();
    std::string scheme() const override { return "performance"; }
    const Vocabulary& vocabulary() const override { return *vocabulary_; }
    int steps_per_quarter() const override;  // of 10 ms at 120 quarters a minute
    Encoded encode(const score::Score& score) const override;
    score::Score decode(std::span<const TokenId> ids) const override;
    std::unique_ptr<Grammar> grammar() const override;
    TokenId end_token() const override;
    base::Json to_json() const override { return tokenizer_json_head(scheme()); }

  private:
    std::shared_ptr<const Vocabulary> vocabulary_;
};

std::unique_ptr<Tokenizer> learn_performance_tokenizer(const TokenizerOptions& options);
std::unique_ptr<Tokenizer> performance_tokenizer_from_json(const base::Json& json,
                                                           const std::string& path);

}  // namespace symphony::tokens
