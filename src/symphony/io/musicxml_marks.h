// The marks above and below the staves of a notated part: tempo, dynamics, words, lyrics, breaths.
// Source: own.
#pragma once

#include "symphony/io/musicxml_notation.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symphony::io::musicxml {

struct Mark {
    enum class Kind { kTempo, kDynamic, kWords, kRehearsal };
    std::int64_t onset = 0;
    Kind kind = Kind::kWords;
    std::string text;                // of a dynamic: "mf"
    double quarters_per_minute = 0;  // of a tempo
    bool is_drawn = true;            // a tempo that is only played: a slight or passing change
};

// Tempos and words, which stand above the first part; by onset. Of tempos those are drawn that
// begin a bar and differ by a twelfth or more from the last that was.
std::vector<Mark> score_marks(const score::Score& score);

// Where the mean velocity of a bar's notes leaves the level in force: pp (33), p (49), mp (64),
// mf (80), f (96), ff (112). None for a part of one velocity.
std::vector<Mark> dynamic_marks(const NotatedPart& part, const std::vector<score::Bar>& bars);

struct Syllable {
    std::string text;
    std::string_view syllabic;  // "single", "begin", "middle", "end"
};

// Of the first staff, by the index of the note that is sung; texts that end with a hyphen go on.
// `lost` counts those without a note.
std::map<std::size_t, Syllable> syllables_of(const NotatedPart& part, std::uint64_t& lost);

}  // namespace symphony::io::musicxml
