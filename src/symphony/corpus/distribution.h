// A histogram with its summary, as charts and JSON show it.
#pragma once

#include "symphony/base/json.h"
#include "symphony/corpus/atlas/tally.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace symphony::corpus {

// One bar of a bar chart. `value` is the category's number where it has one (a pitch, the lower
// edge of a bin), else its rank.
struct Bin {
    std::string label;
    double value = 0;
    std::int64_t count = 0;
};

// A histogram. For numbers, the summary is of the values themselves, not of the bins.
struct Distribution {
    std::string name;   // "pitch"
    std::string title;  // "Pitch of notes"
    std::string unit;   // of the values ("MIDI pitch", "quarters"), empty for categories
    std::string
        counted;  // what `count` counts: "notes", "pieces", "beats", "moments" (steps of time)
    bool numeric = false;
    std::vector<Bin> bins;   // in order of value; categories by falling count
    std::int64_t total = 0;  // of all counts
    double mean = 0, median = 0, percentile5 = 0, percentile95 = 0;  // numeric only
    double minimum = 0, maximum = 0;
};

base::Json to_json(const Distribution& distribution);
// Throws Json::exception if it is not one.
Distribution distribution_from_json(const base::Json& json);

inline constexpr const char* kOthers = "others";

// `frame` says what it is (name, title, unit, counted); bins and summary are filled in from the
// tally. A bin for each value, named by `label`:
Distribution each_value(Distribution frame, const Tally& tally,
                        const std::function<std::string(double)>& label);
// Bins of equal width (1, 2 or 5 times a power of ten, of whole numbers at least 1), at most 24;
// the last hundredth joins the last one. Labels say what a bin holds: of whole numbers its first
// and its last ("4–9", from the smallest one there is), of others its edges ("0.5–1"), of the last
// one where it is open "80+".
Distribution binned(Distribution frame, const Tally& tally);
// The commonest names, at most 24, the rest as kOthers.
Distribution categories(Distribution frame, const NameTally& tally);

// Labels of values: "60" "0.33" (two decimals at most), "+3", "C4", "C#".
std::string number_label(double value);
std::string signed_label(double value);
std::string pitch_label(double pitch);
std::string pitch_class_label(double pitch_class);

}  // namespace symphony::corpus
