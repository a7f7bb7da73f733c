// What made a take, as it stands inside the take's own MIDI file: enough to make it again with the
// same model, to prove its rules, and to know which file it came from. Source: own.
#pragma once

#include "symphony/base/json.h"
#include "symphony/generate/expression.h"
#include "symphony/generate/verify.h"
#include "symphony/score/score.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace symphony::generate {

struct TakeRecord {
    std::string version;                                // of Symphony
    std::string model, family, scheme, weights_sha256;  // of the model; its folder's name
    std::string verb = "generate";                      // what was asked: generate, fill, ...
    std::uint64_t seed = 1;
    int take = 1;                       // from 1
    base::Json settings;                // what was asked for: bars, temperature, ...
    std::string parent, parent_sha256;  // the file it goes on from or changes; empty: none
    // Cells that were composed, of a fill, an accompaniment or a variation: (bar, part), from 0.
    std::vector<std::pair<int, int>> open;
    int parts_added = 0;  // by an accompaniment, the last of the file
    // Of each part that plays, its number among those that rules speak of, from 0; empty: all play.
    std::vector<int> parts;
    std::vector<score::Role> roles;  // of each part that plays, as composed; empty: not told

    base::Json to_json() const;
};

// Throws Error (kInput) naming `path` for a record that is damaged.
TakeRecord record_from_json(const base::Json& json, const std::string& path);

// The text that a MIDI file carries.
std::string record_text(const TakeRecord& record);
// Of a piece that was read: the record among its texts, if there is one.
std::optional<TakeRecord> record_of(const score::Score& score, const std::string& path);
// Takes it out, and the words for people with it.
void remove_record(score::Score& score);

// What was asked of a whole take besides rules, as the settings of its record keep it.
struct AskedForm {
    std::optional<int> bars;
    int primer_bars = 0;  // bars of the prime that were kept
    std::optional<score::Key> key;
    std::optional<score::Meter> meter;
    Pace pace;
};
AskedForm asked_form(const base::Json& settings);

// What the record says was promised.
Promise promise_of(const TakeRecord& record);

}  // namespace symphony::generate
