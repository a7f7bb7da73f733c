// What `generate` leaves of a take: take-N.mid, take-N.musicxml, take-N.svg, take-N.json
// and, with sound, take-N.wav.
#pragma once

#include "symphony/base/json.h"
#include "symphony/generate/take_writer.h"

#include <filesystem>

namespace symphony::cli {

// What all takes of one call share.
struct TakeStyle {
    std::filesystem::path folder;
    generate::TakeRecord record;             // `take` and `roles` are set by write_take
    generate::ExpressionOptions expression;  // `take` is set by write_take
    bool sound = true;
    bool mixed = true;     // parts are given volume and pan where they state none
    bool notation = true;  // also as MusicXML
};

// Writes the files, each whole or not at all. Returns what take-N.json holds, with the paths of
// all files. Throws Error (kInput) if the folder cannot be written.
base::Json write_take(const generate::Take& take, const tokens::Tokenizer& tokenizer,
                      TakeStyle style);

}  // namespace symphony::cli
