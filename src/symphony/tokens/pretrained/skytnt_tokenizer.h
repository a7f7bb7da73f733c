// The schemes skytnt-v1, -v1o, -v2 and -v2o: midi-model's events as one stream. Source: see
// skytnt_events.h; the stream (rows without padding and begin) is own.
#pragma once

#include "symphony/tokens/pretrained/message_tokenizer.h"
#include "symphony/tokens/pretrained/skytnt_events.h"

namespace symphony::tokens {

class SkytntTokenizer final : public MessageTokenizer {
  public:
    explicit SkytntTokenizer(skytnt::Options options) : options_(options) {}

    std::string scheme() const override;
    const Vocabulary& vocabulary() const override {
        return skytnt::layout(options_.version).vocabulary();
    }
    int steps_per_quarter() const override;
    Encoded encode_messages(const score::MidiMessages& messages) const override;
    // Rows of eight as the model takes them, begin and end included.
    std::vector<skytnt::Row> rows_of(const score::MidiMessages& messages) const;
    score::Score decode(std::span<const TokenId> ids) const override;
    std::unique_ptr<Grammar> grammar() const override;
    TokenId end_token() const override { return skytnt::kEnd; }
    base::Json to_json() const override { return tokenizer_json_head(scheme()); }

  private:
    skytnt::Options options_;
};

// Precondition: the name is one of the four.
skytnt::Options skytnt_options(const std::string& scheme);

std::unique_ptr<Tokenizer> learn_skytnt_tokenizer(const TokenizerOptions& options);
std::unique_ptr<Tokenizer> skytnt_tokenizer_from_json(const base::Json& json,
                                                      const std::string& path);

}  // namespace symphony::tokens
