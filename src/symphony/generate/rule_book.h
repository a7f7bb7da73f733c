// The musical rules that a user can ask for, as options: one list for the command line, files of
// rules and the provenance of takes.
#pragma once

#include "symphony/base/option_table.h"
#include "symphony/generate/law_rule.h"
#include "symphony/generate/note_law.h"

#include <optional>
#include <string>
#include <vector>

namespace symphony::generate {

struct RuleBook {
    std::string scale;                   // "D dorian"; empty: any notes
    std::string chords;                  // "C | Am7 | F G"; empty: any
    double chord_strength = 1;           // 0..1; below 1 other notes stay possible
    std::vector<std::string> range;      // "melody=60..84"
    std::vector<std::string> polyphony;  // "melody=1"
    std::vector<std::string> density;    // "melody=2..8", notes a bar
    std::vector<std::string> rhythm;     // "bass=x...x..."
    std::vector<std::string> instruments;
    int prime_copy = 0;  // notes in a row that a part may repeat of the prime; 0: any number

    void describe(base::OptionTable& table);
    // Does it ask for anything?
    bool any() const;
    // Throws Error (kUsage) naming the option and what was expected. `prime` (may be null) is what
    // must not be copied.
    Laws laws(const score::Score* prime = nullptr) const;
    std::optional<ChordTrack> chord_track() const;
    // What was asked for, without what was not; from_json of the table reads it back.
    base::Json to_json() const;
};

}  // namespace symphony::generate
