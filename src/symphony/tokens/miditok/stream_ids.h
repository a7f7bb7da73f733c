// Words of a stream -> ids in their own vocabularies, and where sub-words end in them.
#pragma once

#include "symphony/tokens/miditok/encode.h"

#include <vector>

namespace symphony::tokens::miditok {

struct BaseIds {
    std::vector<int> ids;      // each in its column's vocabulary
    std::vector<int> columns;  // one per id; zeros in streams
    std::vector<std::int64_t> times;
    std::vector<TokenSource> sources;
};

// Words without a token are left out and counted in `lost` ("no-token"), where that is given.
BaseIds base_ids_of(const Stream& stream, const Words& words, Losses* lost);

// Indices at which bars or beats begin, from 0 on; {0} where sub-words may be of any length.
std::vector<std::size_t> split_begins(const std::vector<std::int64_t>& times,
                                      const Streams& streams, const Config& config);

}  // namespace symphony::tokens::miditok
