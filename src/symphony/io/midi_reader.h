// Standard MIDI Files (RP-001, formats 0, 1 and 2; RIFF-wrapped RMID) -> Score.
#pragma once

#include "symphony/io/score_file.h"

#include <string>
#include <string_view>

namespace symphony::io {

// Does it look like MIDI: MThd at the start, behind a RIFF header, or within the first 4 KiB?
bool looks_like_midi(std::string_view bytes);

// One forward pass over `bytes`; no declared size is trusted; time and memory are linear in the
// bytes.
base::Result<ScoreFile> parse_midi(std::string_view bytes, const std::string& name,
                                   const ReadOptions& options = {});

// A damaged file put right event by event: what its music is, and the bytes of a MIDI file that
// holds every event that was sound or could be mended, of whatever kind.
struct MendedMidi {
    ScoreFile file;
    std::string bytes;
};
base::Result<MendedMidi> mend_midi(std::string_view bytes, const std::string& name,
                                   const ReadOptions& options = {});

}  // namespace symphony::io
