// A score as MidiTok's ids: one stream of them, or one for each track.
#pragma once

#include "symphony/tokens/miditok/timing.h"

#include <vector>

namespace symphony::tokens::miditok {

struct Stream {
    std::vector<Word> words;           // rows follow each other
    std::vector<int> row_sizes;        // row schemes: words of each row; else empty
    std::vector<std::int64_t> times;   // one per word, ticks
    std::vector<TokenSource> sources;  // one per word
};

struct Streams {
    std::vector<Stream> streams;
    Losses losses;
    // Where sub-words end: bars, or beats (encode_ids_split).
    std::vector<std::int64_t> bar_ticks, beat_ticks;
};

// `piece` as MidiTok's encode() does it, attribute controls left out. `join_tracks`: mmm's tracks
// as one stream.
Streams encode_streams(Piece piece, const Config& config, const Values& values,
                       bool join_tracks = true);

}  // namespace symphony::tokens::miditok
