// The excerpts of a blind listening test: which pieces of each set are heard, and what of them.
#pragma once

#include "symphony/base/progress.h"
#include "symphony/evaluate/listening_test.h"
#include "symphony/score/score.h"

#include <cstdint>
#include <string>
#include <vector>

namespace symphony::cli {

struct ListeningOptions {
    int excerpts = 10;  // of each set, at most
    int bars = 8;       // of each excerpt, at most
    bool from_the_end = false;
    // Everything but the notes is made equal: instrument, velocity, tempo.
    bool equal_sound = true;
    std::uint64_t seed = 1;
};

struct ListeningExcerpts {
    evaluate::ListeningKey key;        // items in an order that says nothing
    std::vector<score::Score> scores;  // of the key's items, as they are to sound
};

// `sets`: files or folders of music. Pieces that all sets have a file of the same name for come
// first and are pairs. Throws Error (kInput) for a set without music that can be read.
ListeningExcerpts choose_excerpts(const std::vector<std::string>& sets,
                                  const ListeningOptions& options, base::Progress& progress);

}  // namespace symphony::cli
