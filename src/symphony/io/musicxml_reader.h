// MusicXML 4.0 score-partwise, plain or zipped (.mxl) -> Score.
#pragma once

#include "symphony/io/score_file.h"

#include <string>
#include <string_view>

namespace symphony::io {

bool looks_like_musicxml(std::string_view bytes);  // XML text or a zip archive

base::Result<ScoreFile> parse_musicxml(std::string_view bytes, const std::string& name,
                                       const ReadOptions& options = {});

}  // namespace symphony::io
