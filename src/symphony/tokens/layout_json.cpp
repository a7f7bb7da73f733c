// tokenizer.json: the values of a layout and, to be sure that they still mean the same ids, the
// names of all tokens.
#include "symphony/base/error.h"
#include "symphony/tokens/layout.h"

#include <algorithm>

namespace symphony::tokens {
namespace {

[[noreturn]] void damaged(const std::string& what, const std::string& path) {
    throw base::Error(base::ErrorKind::kModel, "tokenizer.json is damaged: " + what, path);
}

// Sorted without repeats and inside [lowest, highest], as every list of the layout is.
template <class T>
void expect_rising(const std::vector<T>& values, T lowest, T highest, const char* name,
                   const std::string& path) {
    const auto not_rising = [](const T& a, const T& b) { return !(a < b); };
    if (std::adjacent_find(values.begin(), values.end(), not_rising) != values.end())
        damaged(std::string(name) + " are not in rising order", path);
    if (!values.empty() && (values.front() < lowest || highest < values.back()))
        damaged(std::string(name) + " are out of range", path);
}

// Names that mean themselves and ordinals without gaps: then no two parts share a token.
void check_parts(const LayoutValues& v, const std::string& path) {
    if (v.has_parts)
        expect_rising(v.parts, PartClass{false, 0, "", 1}, PartClass{true, 127, "", 1 << 20},
                      "parts", path);
    for (std::size_t i = 0; i < v.parts.size(); ++i) {
        const PartClass& part = v.parts[i];
        if (part.program < 0 || part.program > 127) damaged("a program is out of range", path);
        if (part.is_drums ? !part.name.empty() : name_class(part.name) != part.name)
            damaged("'" + part.name + "' is no name class", path);
        PartClass before = part;
        --before.ordinal;
        if (v.has_parts && part.ordinal != 1 && (i == 0 || v.parts[i - 1] != before))
            damaged("the ordinals of parts have a gap", path);
    }
}

void check(const LayoutValues& v, const std::string& path) {
    if (v.steps_per_quarter < 1 || v.steps_per_quarter > 960)
        damaged("steps_per_quarter is out of range", path);
    if (v.meters.empty() || v.velocities.empty() || v.parts.empty() || v.roles.empty())
        damaged("a list is empty", path);
    for (const score::Meter meter : v.meters)
        if (meter.numerator == 0 || meter.denominator == 0) damaged("a metre has a zero", path);
    constexpr std::int64_t kMost = 1 << 16;
    expect_rising(v.meters, score::Meter{0, 0}, score::Meter{255, 255}, "metres", path);
    expect_rising(v.tempos, tempo_class(1), tempo_class(1e9), "tempos", path);
    expect_rising<std::int64_t>(v.bar_lengths, 1, kMaxBarSteps, "bar lengths", path);
    expect_rising<std::int64_t>(v.positions, 0, kMaxBarSteps, "positions", path);
    expect_rising<std::int64_t>(v.lengths, 1, kMost, "lengths", path);
    expect_rising(v.velocities, 1, 127, "velocities", path);
    expect_rising(v.controls, {0, 0}, {127, 127}, "controls", path);
    if (v.micro_timing_bins < 0 || v.micro_timing_bins > kMaxMicroTimingBins ||
        (v.micro_timing_bins > 0 && v.micro_timing_bins % 2 == 0))
        damaged("micro_timing_bins is even or out of range", path);
    if (v.has_given && (!v.has_parts || v.has_rests || v.micro_timing_bins > 0))
        damaged("given notes need parts, no rests and no micro-timing", path);
    expect_rising(v.drums, 0, 127, "drums", path);
    check_parts(v, path);
    expect_rising(v.roles, score::Role::kUnknown, score::Role::kDrums, "roles", path);
    if (v.lowest_pitch < 0 || v.lowest_pitch > v.highest_pitch || v.highest_pitch > 127)
        damaged("pitches are out of range", path);
    // Sums of these must reach every value.
    if (v.bar_lengths.empty() || v.bar_lengths[0] != 1 || v.lengths.empty() || v.lengths[0] != 1 ||
        v.positions.empty() || v.positions[0] != 0)
        damaged("the smallest step is missing", path);
}

}  // namespace

base::Json Layout::to_json() const {
    const LayoutValues& v = values_;
    base::Json json;
    json["format"] = kTokenizerFormat;
    json["version"] = kTokenizerVersion;
    json["scheme"] = v.scheme;
    json["steps_per_quarter"] = v.steps_per_quarter;
    json["has_parts"] = v.has_parts;
    json["has_chords"] = v.has_chords;
    json["has_phrases"] = v.has_phrases;
    for (base::Json& list = json["meters"] = base::Json::array(); const auto m : v.meters)
        list.push_back({m.numerator, m.denominator});
    json["tempo_classes"] = v.tempos;
    json["bar_lengths"] = v.bar_lengths;
    json["positions"] = v.positions;
    json["lengths"] = v.lengths;
    json["velocities"] = v.velocities;
    json["pitches"] = {v.lowest_pitch, v.highest_pitch};
    json["drums"] = v.drums;
    // Said only where they are used.
    if (v.has_rests) json["has_rests"] = true;
    if (v.has_given) json["has_given"] = true;
    if (v.micro_timing_bins > 0) json["micro_timing_bins"] = v.micro_timing_bins;
    if (!v.controls.empty()) json["controls"] = v.controls;
    for (base::Json& list = json["parts"] = base::Json::array(); const PartClass& p : v.parts)
        list.push_back({{"drums", p.is_drums},
                        {"program", p.program},
                        {"name", p.name},
                        {"ordinal", p.ordinal}});
    for (base::Json& list = json["roles"] = base::Json::array(); const auto role : v.roles)
        list.push_back(static_cast<int>(role));
    base::Json& names = json["vocabulary"] = base::Json::array();
    for (int id = 0; id < vocabulary_.size(); ++id) names.push_back(vocabulary_.name(id));
    return json;
}

LayoutValues layout_values_from_json(const base::Json& json, const std::string& path) {
    LayoutValues v;
    try {
        if (json.at("format") != kTokenizerFormat) damaged("it is no symphony-tokenizer", path);
        if (json.at("version") != kTokenizerVersion)
            throw base::Error(base::ErrorKind::kModel,
                              "tokenizer.json has version " + json.at("version").dump() +
                                  ", expected " + std::to_string(kTokenizerVersion),
                              path);
        v.scheme = json.at("scheme").get<std::string>();
        v.steps_per_quarter = json.at("steps_per_quarter").get<int>();
        v.has_parts = json.at("has_parts").get<bool>();
        v.has_chords = json.at("has_chords").get<bool>();
        v.has_phrases = json.at("has_phrases").get<bool>();
        for (const auto& m : json.at("meters"))
            v.meters.push_back({m.at(0).get<std::uint8_t>(), m.at(1).get<std::uint8_t>()});
        json.at("tempo_classes").get_to(v.tempos);
        json.at("bar_lengths").get_to(v.bar_lengths);
        json.at("positions").get_to(v.positions);
        json.at("lengths").get_to(v.lengths);
        json.at("velocities").get_to(v.velocities);
        v.lowest_pitch = json.at("pitches").at(0).get<int>();
        v.highest_pitch = json.at("pitches").at(1).get<int>();
        json.at("drums").get_to(v.drums);
        v.has_rests = json.value("has_rests", false);
        v.has_given = json.value("has_given", false);
        v.micro_timing_bins = json.value("micro_timing_bins", 0);
        v.controls = json.value("controls", v.controls);
        for (const auto& p : json.at("parts"))
            v.parts.push_back({p.at("drums").get<bool>(), p.at("program").get<int>(),
                               p.at("name").get<std::string>(), p.at("ordinal").get<int>()});
        for (const auto& role : json.at("roles"))
            v.roles.push_back(static_cast<score::Role>(role.get<int>()));
        check(v, path);
        const Layout layout(v);
        const auto& names = json.at("vocabulary");
        bool same = static_cast<int>(names.size()) == layout.vocabulary().size();
        for (int id = 0; same && id < layout.vocabulary().size(); ++id)
            same = names.at(static_cast<std::size_t>(id)) == layout.vocabulary().name(id);
        if (!same) damaged("its vocabulary does not follow from its values", path);
    } catch (const base::Json::exception& e) {
        damaged(e.what(), path);
    }
    return v;
}

}  // namespace symphony::tokens
