// The lines of a piece that a melody is looked for in: the top and the bottom of every part, with
// what it takes to say where. They are all that melody_search.h needs of a piece, and what the
// index keeps of it for that. Own.
#pragma once

#include "symphony/base/result.h"
#include "symphony/corpus/lines.h"
#include "symphony/score/score.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace symphony::corpus {

struct PartLines {
    std::size_t part = 0;  // index into Score::parts
    std::string name;      // may be empty
    Line top, bottom;      // bottom is empty where it is the top line again
    bool operator==(const PartLines&) const = default;
};

struct MelodyLines {
    int ticks_per_quarter = 480;
    std::vector<score::Ticks> bars;  // where each begins
    std::vector<PartLines> parts;    // with notes, without drums
    bool operator==(const MelodyLines&) const = default;
};

MelodyLines melody_lines_of(const score::Score& score);

// About three bytes a note.
std::string to_bytes(const MelodyLines& lines);
// An error (kInput) if they are not such lines.
base::Result<MelodyLines> melody_lines_from_bytes(std::string_view bytes);

}  // namespace symphony::corpus
