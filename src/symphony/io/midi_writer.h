// Score -> Standard MIDI File, format 1, laid out as DAWs expect it.
#pragma once

#include "symphony/base/result.h"
#include "symphony/score/score.h"

#include <filesystem>
#include <string>

namespace symphony::io {

// Volume, pan and expression (CC7, 10, 11) at tick 0 where a part states none: put in, so that the
// parts stand apart, or left out, so that the file says no more than the score.
enum class Mix { kComplete, kAsStated };

// The first track holds tempo, metre, key and texts; one track a part, with name, bank, program
// and mix at tick 0. Pitched parts never use channel 10, drums always do; a re-struck
// pitch ends its earlier note first; an upbeat is a short first metre. More than 15 pitched parts
// go to further ports (FF 21). Error (kInput) if the score cannot be held.
base::Result<std::string> format_midi(const score::Score& score, Mix mix = Mix::kComplete);

// Throws Error. Atomic.
void write_midi_file(const std::filesystem::path& path, const score::Score& score,
                     Mix mix = Mix::kComplete);

}  // namespace symphony::io
