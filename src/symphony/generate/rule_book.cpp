#include "symphony/generate/rule_book.h"

#include "symphony/base/error.h"
#include "symphony/base/text.h"

#include <algorithm>
#include <charconv>

namespace symphony::generate {
namespace {

[[noreturn]] void refuse(const std::string& option, const std::string& got,
                         const std::string& expected) {
    throw base::Error(base::ErrorKind::kUsage, option + ": got \"" + got + "\"", {},
                      "expected " + expected);
}

int number(const std::string& option, const std::string& rule, std::string_view text, int lowest,
           int highest) {
    const std::string digits = base::trim(text);
    int value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size() || value < lowest ||
        value > highest)
        refuse(option, rule,
               "numbers from " + std::to_string(lowest) + " to " + std::to_string(highest));
    return value;
}

struct Demand {
    Scope scope;
    std::string value;
};

// "melody=2..8"; without a scope it is for all.
Demand demand(const std::string& rule) {
    const auto equals = rule.find('=');
    if (equals == std::string::npos) return {{}, base::trim(rule)};
    return {parse_scope(rule.substr(0, equals)), base::trim(rule.substr(equals + 1))};
}

// "2..8", or "8" for `lowest`..8.
std::pair<int, int> bounds(const std::string& option, const std::string& rule,
                           const std::string& value, int lowest, int highest) {
    const auto dots = value.find("..");
    if (dots == std::string::npos) return {lowest, number(option, rule, value, lowest, highest)};
    const std::pair<int, int> both{number(option, rule, value.substr(0, dots), lowest, highest),
                                   number(option, rule, value.substr(dots + 2), lowest, highest)};
    if (both.first > both.second) refuse(option, rule, "the lower number first");
    return both;
}

constexpr int kMostNotes = 10'000;
constexpr std::size_t kLongestPattern = 192;

}  // namespace

void RuleBook::describe(base::OptionTable& table) {
    table.group("Rules that hold");
    table.add("scale", scale, "only notes of this scale, such as \"D dorian\"");
    table.add(
        "chords", chords,
        "only tones of these chords, a bar between strokes, over and over: \"C | Am7 | F G\"");
    table.add("chord-strength", chord_strength,
              "how often the chords are enforced: below 1 they are a colour, not a law", {0, 1});
    table.add("range", range,
              "pitches of a part: melody=60..84, \"part 2=36..60\", 48..72 for all");
    table.add("polyphony", polyphony, "at most so many notes at once in a part: melody=1, all=4");
    table.add("density", density, "notes begun in a bar: melody=2..8, 4..24 for all together");
    table.add("rhythm", rhythm, "where notes may begin, a bar in equal steps: bass=x...x...");
    table.add("instruments", instruments,
              "exactly these players, in this order: Violin Violin Viola Violoncello");
    table.add("prime-copy", prime_copy,
              "a part repeats at most so many notes in a row of the prime; 0: any", {0, 1000});
}

bool RuleBook::any() const { return !to_json().empty(); }

base::Json RuleBook::to_json() const {
    RuleBook asked = *this, plain;
    base::OptionTable table, defaults;
    asked.describe(table);
    plain.describe(defaults);
    const base::Json all = table.to_json(), usual = defaults.to_json();
    base::Json json = base::Json::object();
    for (const auto& [name, value] : all.items())
        if (value != usual.at(name)) json[name] = value;
    return json;
}

std::optional<ChordTrack> RuleBook::chord_track() const {
    if (chords.empty()) return std::nullopt;
    return ChordTrack::parse(chords);
}

Laws RuleBook::laws(const score::Score* prime) const {
    Laws laws;
    if (!scale.empty()) laws.push_back(keep_to_scale(parse_scale(scale)));
    if (const auto track = chord_track()) laws.push_back(keep_to_chords(*track, chord_strength));
    for (const std::string& rule : range) {
        const auto [scope, value] = demand(rule);
        const auto [low, high] = bounds("range", rule, value, 0, score::kPitches - 1);
        laws.push_back(keep_in_range(scope, low, high));
    }
    for (const std::string& rule : polyphony) {
        const auto [scope, value] = demand(rule);
        laws.push_back(
            limit_polyphony(scope, number("polyphony", rule, value, 1, score::kPitches)));
    }
    for (const std::string& rule : density) {
        const auto [scope, value] = demand(rule);
        const auto [least, most] = bounds("density", rule, value, 0, kMostNotes);
        laws.push_back(keep_density(scope, least, most));
    }
    for (const std::string& rule : rhythm) {
        const auto [scope, value] = demand(rule);
        if (value.empty() || value.size() > kLongestPattern ||
            value.find_first_not_of("x.") != std::string::npos ||
            value.find('x') == std::string::npos)
            refuse("rhythm", rule, "steps of a bar, x where notes may begin: x..x..x.");
        laws.push_back(keep_rhythm(scope, value));
    }
    if (prime_copy > 0 && prime) laws.push_back(limit_repeating(*prime, prime_copy));
    return laws;
}

}  // namespace symphony::generate
