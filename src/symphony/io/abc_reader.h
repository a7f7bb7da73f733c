// ABC music notation (tune books of one or more tunes) -> Score.
#pragma once

#include "symphony/io/score_file.h"

#include <string>
#include <string_view>

namespace symphony::io {

// Is there an X: field with a number at the start of a line, and a K: field after it?
bool looks_like_abc(std::string_view bytes);

// The tunes of a book follow each other, each from a new bar on with its own metre, key and tempo;
// voice i of every tune is part i. Chord symbols and quoted words become texts; grace notes are
// left out. Repeats as options.expand_repeats says.
base::Result<ScoreFile> parse_abc(std::string_view bytes, const std::string& name,
                                  const ReadOptions& options = {});

}  // namespace symphony::io
