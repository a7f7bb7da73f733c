#include "symphony/corpus/atlas/atlas.h"
#include "symphony/corpus/atlas/field_json.h"

#include <array>
#include <string_view>

namespace symphony::corpus {

void each_field(Of<Place> auto& s, const auto& visit) {
    visit("id", s.id);
    visit("bar", s.bar);
    visit("times", s.times);
}

void each_field(Of<ProgressionRow> auto& s, const auto& visit) {
    visit("chords", s.chords);
    visit("minor", s.minor);
    visit("length", s.length);
    visit("count", s.count);
    visit("pieces", s.pieces);
    visit("share", s.share);
    visit("places", s.places);
}

void each_field(Of<MeasureRow> auto& s, const auto& visit) {
    visit("name", s.name);
    visit("title", s.title);
    visit("unit", s.unit);
    visit("pieces", s.pieces);
    visit("median", s.median);
    visit("percentile5", s.percentile5);
    visit("percentile95", s.percentile95);
    visit("spread", s.spread);
}

void each_field(Of<RoleRow> auto& s, const auto& visit) {
    visit("role", s.role);
    visit("notes", s.notes);
    visit("pieces", s.pieces);
    visit("low", s.low);
    visit("middle", s.middle);
    visit("high", s.high);
    visit("density", s.density);
    visit("polyphony", s.polyphony);
    visit("rest_share", s.rest_share);
    visit("repeats", s.repeats);
    visit("steps", s.steps);
    visit("leaps", s.leaps);
    visit("pitch", s.pitch);
    visit("interval", s.interval);
}

void each_field(Of<Reason> auto& s, const auto& visit) {
    visit("measure", s.measure);
    visit("title", s.title);
    visit("unit", s.unit);
    visit("value", s.value);
    visit("median", s.median);
    visit("z", s.z);
    visit("words", s.words);
}

void each_field(Of<Outlier> auto& s, const auto& visit) {
    visit("id", s.id);
    visit("distance", s.distance);
    visit("reasons", s.reasons);
}

void each_field(Of<GroupMeasure> auto& s, const auto& visit) {
    visit("name", s.name);
    visit("pieces", s.pieces);
    visit("median", s.median);
    visit("low", s.low);
    visit("high", s.high);
    visit("difference", s.difference);
    visit("difference_low", s.difference_low);
    visit("difference_high", s.difference_high);
    visit("effect", s.effect);
}

void each_field(Of<GroupDistance> auto& s, const auto& visit) {
    visit("name", s.name);
    visit("title", s.title);
    visit("distance", s.distance);
}

void each_field(Of<GroupRow> auto& s, const auto& visit) {
    visit("name", s.name);
    visit("pieces", s.pieces);
    visit("notes", s.notes);
    visit("too_small", s.too_small);
    visit("measures", s.measures);
    visit("distances", s.distances);
}

void each_field(Of<Comparison> auto& s, const auto& visit) {
    visit("groups", s.groups);
    visit("rows", s.rows);
}

void each_field(Of<Atlas> auto& s, const auto& visit) {
    visit("distributions", s.distributions);
    visit("progressions", s.progressions);
    visit("progressions_missed", s.progressions_missed);
    visit("measures", s.measures);
    visit("roles", s.roles);
    visit("outliers", s.outliers);
    visit("comparison", s.comparison);
    visit("form_examples", s.form_examples);
}

const char* group_by_name(GroupBy by) {
    constexpr std::array<const char*, 3> kNames{"none", "folder", "composer"};
    return kNames[static_cast<std::size_t>(by)];
}

const Distribution* Atlas::distribution(const std::string& name) const {
    for (const Distribution& d : distributions)
        if (d.name == name) return &d;
    return nullptr;
}

base::Json to_json(const Atlas& atlas) {
    base::Json json = json_of(atlas);
    json["comparison"]["by"] = group_by_name(atlas.comparison.by);
    return json;
}

Atlas atlas_from_json(const base::Json& json) {
    Atlas atlas;
    from_json_value(json, atlas);
    const auto by = json.at("comparison").at("by").get<std::string>();
    for (const GroupBy one : {GroupBy::kFolder, GroupBy::kComposer})
        if (by == group_by_name(one)) atlas.comparison.by = one;
    return atlas;
}

}  // namespace symphony::corpus
