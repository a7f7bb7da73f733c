#include "symphony/tokens/pretrained/message_tokenizer.h"

namespace symphony::tokens {

Encoded MessageTokenizer::encode(const score::Score& score) const {
    std::map<std::string, std::int64_t> losses;
    Encoded encoded = encode_messages(score::midi_messages_of(score, &losses));
    for (const auto& [code, count] : losses) encoded.losses[code] += count;
    encoded.source_notes = static_cast<std::int64_t>(score.note_count());
    return encoded;
}

}  // namespace symphony::tokens
