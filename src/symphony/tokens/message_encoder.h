// A tokenizer whose ids of a MIDI file depend on the order of its messages, of which a Score keeps
// less. Source: own.
#pragma once

#include "symphony/score/midi_messages.h"
#include "symphony/tokens/tokenizer.h"

namespace symphony::tokens {

class MessageEncoder {
  public:
    virtual ~MessageEncoder() = default;
    // The ids that the published tokenizer gives to the file; sources are those of the messages.
    virtual Encoded encode_messages(const score::MidiMessages& messages) const = 0;
};

}  // namespace symphony::tokens
