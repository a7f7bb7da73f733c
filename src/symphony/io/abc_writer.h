// Score -> ABC music notation, for tunes of one voice.
#pragma once

#include "symphony/base/result.h"
#include "symphony/score/score.h"

#include <filesystem>
#include <string>

namespace symphony::io {

// The tune of part `part` with title, composer, metre, key and tempo. Notes are spelled from the
// key and tied over bar lines; every length is exact. Not held: velocities, controls, programs,
// texts; tempos are rounded to whole quarters per minute.
// Error (kInput) if there is no such part, it holds drums or no note, or two of its notes overlap.
base::Result<std::string> format_abc(const score::Score& score, std::size_t part = 0);

// Atomically. Throws the Error of format_abc, or Error (kInput) if the file cannot be written.
void write_abc_file(const std::filesystem::path& path, const score::Score& score,
                    std::size_t part = 0);

}  // namespace symphony::io
