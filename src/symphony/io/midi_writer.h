// Score -> Standard MIDI File, format 1, laid out as DAWs expect it.
#pragma once

#include "symphony/base/result.h"
#include "symphony/score/score.h"

#include <filesystem>
#include <string>

namespace symphony::io {

// The first track holds tempo, metre, key and texts; one track a part, with name, bank, program,
// CC7, CC10 and CC11 at tick 0. Pitched parts never use channel 10, drums always do; a re-struck
// pitch ends its earlier note first; an upbeat is a short first metre. More than 15 pitched parts
// go to further ports (FF 21). Error (kInput) if the score cannot be held.
base::Result<std::string> format_midi(const score::Score& score);

// Throws Error. Atomic.
void write_midi_file(const std::filesystem::path& path, const score::Score& score);

}  // namespace symphony::io
