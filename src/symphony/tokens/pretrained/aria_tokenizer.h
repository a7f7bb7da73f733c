// The schemes `aria` and `aria-seconds`: notes with velocity, onset and duration in steps of 10 ms,
// in segments of five seconds. Source: EleutherAI/aria (Apache-2.0); see aria_events.h.
#pragma once

#include "symphony/tokens/pretrained/aria_events.h"
#include "symphony/tokens/pretrained/message_tokenizer.h"

namespace symphony::tokens {

// A sequence is the instruments in the order of their ids, <S>, {note onset duration | drum onset |
// <T>} and <E>. The published prefix is shuffled and may name composer, form and genre; <D>, which
// it puts near an ending, is left to sampling. aria-seconds counts true time (aria::Timing).
class AriaTokenizer final : public MessageTokenizer {
  public:
    explicit AriaTokenizer(aria::Timing timing);
    std::string scheme() const override;
    const Vocabulary& vocabulary() const override { return *vocabulary_; }
    int steps_per_quarter() const override;  // of 10 ms at 120 quarters a minute
    Encoded encode_messages(const score::MidiMessages& messages) const override;
    score::Score decode(std::span<const TokenId> ids) const override;
    std::unique_ptr<Grammar> grammar() const override;
    TokenId end_token() const override;
    base::Json to_json() const override { return tokenizer_json_head(scheme()); }

  private:
    aria::Timing timing_;
    std::shared_ptr<const Vocabulary> vocabulary_;
};

std::unique_ptr<Tokenizer> learn_aria_tokenizer(const TokenizerOptions& options);
std::unique_ptr<Tokenizer> aria_tokenizer_from_json(const base::Json& json,
                                                    const std::string& path);

}  // namespace symphony::tokens
