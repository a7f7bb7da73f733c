// What a folder of music holds and what can be learned from it: the result of `explore`, as plain
// values for JSON, HTML and the report.
#pragma once

#include "symphony/base/json.h"
#include "symphony/corpus/account.h"
#include "symphony/corpus/atlas/atlas.h"
#include "symphony/corpus/distribution.h"
#include "symphony/score/score.h"

#include <cstdint>
#include <string>
#include <vector>

namespace symphony::corpus {

// Something a reader should know before training, most of all what cannot be learned.
struct Remark {
    std::string code;   // "constant-velocity"
    std::string text;   // "velocity is constant in 382 of 382 files: dynamics cannot be learned"
    bool limit = true;  // true: a limit to what can be learned; false: merely worth knowing
    std::vector<std::string> pieces;  // ids concerned, all of them
};

struct PieceSummary {
    std::string id;
    std::string title, composer;  // as far as the file says
    std::string group;            // pieces of one group belong to one split
    std::int64_t notes = 0, parts = 0, bars = 0;
    double quarters = 0, seconds = 0;
    score::Key key;
    bool key_given = false;
    std::string meter;  // the first, "" if none is given
    bool has_drums = false;
};

// Two pieces that belong to one group, and why.
struct RelatedPair {
    std::string a, b;      // ids
    std::string relation;  // "same music", "near copy", "tune", "work"
    std::string why;       // what they share
};

struct CorpusReport {
    std::string root;  // as given
    Account account;

    std::int64_t pieces = 0, notes = 0, drum_notes = 0, parts = 0, bars = 0;
    double hours = 0, quarters = 0;
    std::int64_t keys_given = 0;     // pieces that state a key; the rest is estimated
    std::int64_t tempos_given = 0;   // pieces that state a tempo
    std::int64_t meters_given = 0;   // pieces that state a metre
    std::int64_t groups = 0;         // unrelated groups of pieces: what can be held out
    std::int64_t largest_group = 0;  // pieces

    // pitch, pitch-class, duration, bar-position, velocity, polyphony, density, interval,
    // key-given, key-estimated, meter, tempo, program, role, length-bars, length-seconds,
    // chord-quality; in this order, each present even when empty.
    std::vector<Distribution> distributions;
    std::vector<Remark> remarks;
    std::vector<PieceSummary> summaries;  // sorted by id
    std::vector<RelatedPair> related;     // sorted by a, b; connects each group
    // Ids of up to four pieces to look at: of each number of parts (with and without drums), most
    // frequent first, the piece of middle length.
    std::vector<std::string> examples;
    Atlas atlas;

    // nullptr if there is none of that name.
    const Distribution* distribution(const std::string& name) const;
};

base::Json to_json(const CorpusReport& report);
// Throws Error (kInput) naming `path` if it is not such a report.
CorpusReport report_from_json(const base::Json& json, const std::string& path = {});

}  // namespace symphony::corpus
