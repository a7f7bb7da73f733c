// What a tokenizer makes of a piece, line by line: notes -> tokens -> notes. Works for any scheme.
#pragma once

#include "symphony/base/json.h"
#include "symphony/tokens/tokenizer.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace symphony::tokens {

// A note in words.
struct ExplainedNote {
    std::string part;     // its name, or "part 2"
    std::string place;    // "3:2.5": bar 3, a half behind its second beat
    std::string pitch;    // "F#4", of drums "drum 38"
    std::string length;   // "dotted quarter"
    std::string dynamic;  // "mf"
};

// One line: the start, a bar, a position, or a note.
struct ExplainedLine {
    std::string tokens;                    // their names, separated by spaces
    std::optional<ExplainedNote> note;     // what was written
    std::optional<ExplainedNote> decoded;  // what comes back
    std::string chord;                     // the note scheme's announced chord in force, or empty
};

struct Explanation {
    std::string scheme;
    int vocabulary_size = 0;
    std::vector<ExplainedLine> lines;
    std::vector<ExplainedNote> not_spelled;  // notes that have no token
    std::int64_t tokens = 0, source_notes = 0, decoded_notes = 0;
    std::map<std::string, std::int64_t> losses;
};

Explanation explain(const Tokenizer& tokenizer, const score::Score& score);

// A table for the terminal and the same as JSON.
std::string to_text(const Explanation& explanation);
base::Json to_json(const Explanation& explanation);

}  // namespace symphony::tokens
