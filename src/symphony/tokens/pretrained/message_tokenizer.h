// A published tokenizer that reads the messages of a MIDI file rather than notes. Source: own.
#pragma once

#include "symphony/score/midi_messages.h"
#include "symphony/tokens/plain_tokenizer.h"

#include <vector>

namespace symphony::tokens {

class MessageTokenizer : public PlainTokenizer {
  public:
    // The ids that the published tokenizer gives to the file; sources are those of the messages.
    virtual Encoded encode_messages(const score::MidiMessages& messages) const = 0;

    // The same for a score, laid out as midi_messages_of does.
    Encoded encode(const score::Score& score) const final;
};

}  // namespace symphony::tokens
