// The scheme `anticipation`: arrival times as the Anticipatory Music Transformer has them, as one
// stream without controls. Source: see anticipation_events.h; the wrapping of times is own.
#pragma once

#include "symphony/tokens/pretrained/message_tokenizer.h"

namespace symphony::tokens {

// A sequence is {time duration note} and the separator, rests padded in as for training. A time is
// counted modulo 100 s: as no wait is longer than a second, the true time is never in doubt, and
// the first 100 s have the published ids.
class AnticipationTokenizer final : public MessageTokenizer {
  public:
    AnticipationTokenizer();
    std::string scheme() const override { return "anticipation"; }
    const Vocabulary& vocabulary() const override { return *vocabulary_; }
    int steps_per_quarter() const override;  // hundredths of a second at 120 quarters a minute
    Encoded encode_messages(const score::MidiMessages& messages) const override;
    score::Score decode(std::span<const TokenId> ids) const override;
    std::unique_ptr<Grammar> grammar() const override;
    TokenId end_token() const override;
    base::Json to_json() const override;

  private:
    std::shared_ptr<const Vocabulary> vocabulary_;
};

std::unique_ptr<Tokenizer> learn_anticipation_tokenizer(const TokenizerOptions& options);
std::unique_ptr<Tokenizer> anticipation_tokenizer_from_json(const base::Json& json,
                                                            const std::string& path);

}  // namespace symphony::tokens
