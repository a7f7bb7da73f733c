// Standard MIDI File -> its messages, for tokenisers whose ids depend on the order of messages.
#pragma once

#include "symphony/io/score_file.h"
#include "symphony/score/midi_messages.h"

#include <string>
#include <string_view>

namespace symphony::io {

// Damage is mended as parse_midi mends it, so that the same notes come out. Messages keep their
// tracks and their order. Error (kInput) for bytes that are not MIDI, for format 2 (independent
// sequences) and for SMPTE time, which have no quarters that all tracks share.
base::Result<score::MidiMessages> parse_midi_messages(std::string_view bytes,
                                                      const std::string& name,
                                                      const ReadOptions& options = {});

}  // namespace symphony::io
