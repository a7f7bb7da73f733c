// What a scheme holds of music, in the words of the table in docs/tokens.md, which a test holds to
// these. Scores of two schemes are compared only as far as they hold the same. Source: own.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symphony::tokens {

// Of a tempo that is not said, but heard: what comes back runs at 120 quarters a minute.
inline constexpr std::string_view kTempoInTheTimes = "in the times";

// Each says how: "yes", "no", "grid", "10 ms", "classes", ... A '*' at the end: by its options.
struct SchemeFacts {
    std::string_view pitch, onset, length, part, velocity, tempo, metre, drums, controls;

    // Name and words of each, in the order of the table's columns.
    std::vector<std::pair<std::string, std::string>> columns() const;
};

// Whether two schemes of these facts can be compared in bits per note for pitch, onset and length.
struct FactsComparison {
    std::string objection;  // of pitch, onset and length, what they hold differently; else empty
    std::string remark;     // what else differs, or hangs on options; else empty
};

// Of two models that do not have the very same tokens. A '*' is no difference but a remark.
FactsComparison compare_facts(const SchemeFacts& first, const SchemeFacts& second);

}  // namespace symphony::tokens
