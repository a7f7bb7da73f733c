// What explore finds beyond counting: keys over time, progressions, metre, form, roles, groups
// beside each other and pieces that stand apart. Plain values for JSON, text and the page; what
// each figure means: docs/atlas.md.
#pragma once

#include "symphony/base/json.h"
#include "symphony/corpus/distribution.h"

#include <cstdint>
#include <string>
#include <vector>

namespace symphony::corpus {

// What pieces are compared by.
enum class GroupBy { kNone, kFolder, kComposer };
const char* group_by_name(GroupBy by);  // "none", "folder", "composer"

// Where to look: `bar` counts from 1, `times` is how often it comes in that piece.
struct Place {
    std::string id;
    std::int64_t bar = 0, times = 0;
};

struct ProgressionRow {
    std::string chords;  // "I IV V"
    bool minor = false;
    int length = 2;  // chords
    std::int64_t count = 0, pieces = 0;
    double share = 0;           // of all progressions of this length and mode
    std::vector<Place> places;  // the pieces that have it most often
};

// One measure over all pieces that have it.
struct MeasureRow {
    std::string name, title, unit;
    std::int64_t pieces = 0;
    double median = 0, percentile5 = 0, percentile95 = 0;
    double spread = 0;  // robust standard deviation, see outliers.h
};

struct RoleRow {
    std::string role;
    std::int64_t notes = 0, pieces = 0;
    double low = 0, middle = 0, high = 0;      // MIDI pitch: 5 %, 50 % and 95 % of its notes
    double density = 0;                        // notes per quarter while it sounds
    double polyphony = 0;                      // of its notes together while it sounds
    double rest_share = 0;                     // of the time of the pieces that have it
    double repeats = 0, steps = 0, leaps = 0;  // share of intervals: 0; 1 or 2; more semitones
    Distribution pitch, interval;
};

// A piece far from the others.
struct Reason {
    std::string measure, title, unit;
    double value = 0, median = 0;  // of the piece, of the corpus
    double z = 0;                  // robust standard deviations from the median
    std::string words;             // "Pitch range: 84 semitones, in the middle 43 (8.1 …)"
};
struct Outlier {
    std::string id;
    double distance = 0;          // see outliers.h
    std::vector<Reason> reasons;  // at most four, farthest first
};

// One measure in one group, beside all pieces outside the group.
struct GroupMeasure {
    std::string name;
    std::int64_t pieces = 0;
    double median = 0, low = 0, high = 0;                            // 95 % interval of the median
    double difference = 0, difference_low = 0, difference_high = 0;  // to the others' median
    double effect = 0;  // difference in robust standard deviations of the corpus
};
struct GroupDistance {
    std::string name, title;
    double distance = 0;  // Jensen-Shannon distance to the others, 0 (equal) to 1 (nothing shared)
};
struct GroupRow {
    std::string name;
    std::int64_t pieces = 0, notes = 0;
    bool too_small = false;  // no intervals: fewer than kLeastGroup pieces, here or outside
    std::vector<GroupMeasure> measures;
    std::vector<GroupDistance> distances;
};
inline constexpr std::int64_t kLeastGroup = 10;

struct Comparison {
    GroupBy by = GroupBy::kNone;
    std::int64_t groups = 0;     // in all
    std::vector<GroupRow> rows;  // the largest, most pieces first
};

struct Atlas {
    // key-degree, modulation, key-plan, key-changes, cadence, syncopation, swing, section-bars,
    // passage-bars, repeated-bars, then onsets-M/N of the commonest metres.
    std::vector<Distribution> distributions;
    std::vector<ProgressionRow> progressions;
    std::int64_t progressions_missed = 0;  // at most so many of each count, see ngram_table.h
    std::vector<MeasureRow> measures;
    std::vector<RoleRow> roles;     // those with notes
    std::vector<Outlier> outliers;  // farthest first
    Comparison comparison;
    // Pieces to look at for their form: the middle one by length and those that repeat most.
    std::vector<std::string> form_examples;

    const Distribution* distribution(const std::string& name) const;  // nullptr: none
};

base::Json to_json(const Atlas& atlas);
// Throws Json::exception if it is not one.
Atlas atlas_from_json(const base::Json& json);

}  // namespace symphony::corpus
