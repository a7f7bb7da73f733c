// The music that published tables of prediction were made with, each with the papers' own split:
// frames (JSB_Chorales, Nottingham; Boulanger-Lewandowski et al. 2012) and the chorales on a grid
// of 16ths (Huang et al. 2017).
#pragma once

#include "symphony/base/json.h"
#include "symphony/tokens/chorale_tokenizer.h"
#include "symphony/tokens/frames.h"

#include <filesystem>
#include <string>
#include <vector>

namespace symphony::bench {

using ChoralePiece = std::vector<tokens::ChoraleStep>;
struct ChoraleSet {
    std::vector<ChoralePiece> train, valid, test;
};
// From {"train": [piece: [step: [soprano, alto, tenor, bass]]], "valid": ..., "test": ...}, MIDI
// pitches, negative ones are rests. Throws Error (kInput) naming `path` for another form.
ChoraleSet chorale_set_from_json(const base::Json& json, const std::string& path);

struct PublishedSets {
    tokens::FrameSet jsb_frames, nottingham_frames;
    ChoraleSet chorales16;
    std::string hash;  // of the three files
};
// polymusic/JSB_Chorales.json, polymusic/Nottingham.json and jsb-chorales/Jsb16thSeparated.json in
// `folder`. Throws Error (kInput) naming the file that is missing or malformed.
PublishedSets read_published_sets(const std::filesystem::path& folder);

}  // namespace symphony::bench
