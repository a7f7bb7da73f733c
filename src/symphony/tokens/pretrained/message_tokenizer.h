// A published tokenizer that reads the messages of a MIDI file rather than notes. Source: own.
#pragma once

#include "symphony/tokens/message_encoder.h"
#include "symphony/tokens/plain_tokenizer.h"

#include <vector>

namespace symphony::tokens {

class MessageTokenizer : public PlainTokenizer, public MessageEncoder {
  public:
    // The ids of a score, laid out as midi_messages_of does.
    Encoded encode(const score::Score& score) const final;
};

}  // namespace symphony::tokens
