// Score -> MusicXML 4.0 (score-partwise), engraved as a musician expects it: voices, ties, tuplets,
// beams, spelling, clefs, dynamics. docs/musicxml.md tells each decision.
#pragma once

#include "symphony/base/result.h"
#include "symphony/io/score_file.h"
#include "symphony/score/score.h"

#include <filesystem>
#include <string>
#include <vector>

namespace symphony::io {

struct NotationOptions {
    std::vector<std::string> remarks;  // about the piece's origin: kept, not drawn
};

struct MusicXmlText {
    std::string text;
    std::vector<Diagnostic> diagnostics;  // XML3xx: what notation could not hold as it was
};

// Error (kInput) for a score without notes or of more than 4,000,000 bars in all its parts.
base::Result<MusicXmlText> format_musicxml(const score::Score& score,
                                           const NotationOptions& options = {});

// Atomically; zipped if the path ends with ".mxl". Throws the Error of format_musicxml, or Error
// (kInput) if the file cannot be written. Returns the diagnostics.
std::vector<Diagnostic> write_musicxml_file(const std::filesystem::path& path,
                                            const score::Score& score,
                                            const NotationOptions& options = {});

}  // namespace symphony::io
