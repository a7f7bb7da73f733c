// A piece at a glance in a terminal: a few lines of facts, and a small piano roll of half blocks.
#pragma once

#include "symphony/base/json.h"
#include "symphony/score/score.h"

#include <string>

namespace symphony::view {

// Title, key, metre, tempo, bars, notes, length, and a line per part with role, instrument number,
// range and notes. Roles must be set. No trailing newline.
std::string summarise(const score::Score& score);
base::Json summary_json(const score::Score& score);

struct TextRollOptions {
    int columns = 100;    // of the terminal
    int max_rows = 24;    // lines, each two semitones (more where the range is wide)
    bool colors = false;  // ANSI, roles in their colours
};

// The beginning of the piece, a sixteenth a column; bars ruled, C's named. Drums are left out.
std::string format_text_roll(const score::Score& score, const TextRollOptions& options = {});

}  // namespace symphony::view
