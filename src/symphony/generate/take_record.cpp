#include "symphony/generate/take_record.h"

#include "symphony/base/error.h"
#include "symphony/base/json_line.h"
#include "symphony/generate/music_names.h"

#include <algorithm>
#include <string_view>

namespace symphony::generate {
namespace {

using base::Json;

constexpr std::string_view kHead = "symphony-take ";
// Texts for people that with_provenance adds.
constexpr std::string_view kWords[] = {"composed by Symphony ", "velocity: ", "tempo: "};

bool is_ours(const score::Text& text) {
    return text.text.starts_with(kHead) ||
           std::any_of(std::begin(kWords), std::end(kWords),
                       [&](std::string_view head) { return text.text.starts_with(head); });
}

}  // namespace

Json TakeRecord::to_json() const {
    Json json = {{"symphony", version},
                 {"model",
                  {{"name", model},
                   {"family", family},
                   {"scheme", scheme},
                   {"weights_sha256", weights_sha256}}},
                 {"verb", verb},
                 {"seed", seed},
                 {"take", take},
                 {"settings", settings}};
    if (!parent.empty()) json["parent"] = {{"name", parent}, {"sha256", parent_sha256}};
    if (!open.empty()) json["open"] = open;
    if (parts_added > 0) json["parts_added"] = parts_added;
    if (!parts.empty()) json["parts"] = parts;
    for (const score::Role role : roles) json["roles"].push_back(score::role_name(role));
    return json;
}

TakeRecord record_from_json(const Json& json, const std::string& path) {
    TakeRecord record;
    try {
        record.version = json.at("symphony");
        record.model = json.at("model").at("name");
        record.family = json.at("model").at("family");
        record.scheme = json.at("model").at("scheme");
        record.weights_sha256 = json.at("model").at("weights_sha256");
        record.verb = json.at("verb");
        record.seed = json.at("seed");
        record.take = json.at("take");
        record.settings = json.at("settings");
        if (json.contains("parent")) {
            record.parent = json["parent"].at("name");
            record.parent_sha256 = json["parent"].at("sha256");
        }
        record.open = json.value("open", record.open);
        record.parts_added = json.value("parts_added", 0);
        record.parts = json.value("parts", record.parts);
        for (const std::string& name : json.value("roles", std::vector<std::string>{}))
            record.roles.push_back(score::role_named(name).value_or(score::Role::kUnknown));
        if (!record.settings.is_object()) throw base::Error(base::ErrorKind::kInput, "settings");
    } catch (const std::exception& e) {
        throw base::Error(base::ErrorKind::kInput,
                          std::string("its record of a take is damaged: ") + e.what(), path);
    }
    return record;
}

std::string record_text(const TakeRecord& record) {
    return std::string(kHead) + base::json_line(record.to_json());
}

std::optional<TakeRecord> record_of(const score::Score& score, const std::string& path) {
    for (const score::Text& text : score.texts) {
        if (!text.text.starts_with(kHead)) continue;
        const auto json = base::parse_json(text.text.substr(kHead.size()));
        if (!json.ok())
            throw base::Error(base::ErrorKind::kInput, "its record of a take is damaged", path);
        return record_from_json(json.value(), path);
    }
    return std::nullopt;
}

void remove_record(score::Score& score) { std::erase_if(score.texts, is_ours); }

AskedForm asked_form(const Json& settings) {
    AskedForm asked;
    if (settings.contains("bars")) asked.bars = settings["bars"].get<int>();
    if (settings.contains("prime")) asked.primer_bars = settings["primer-bars"].get<int>();
    if (settings.contains("key")) asked.key = parse_key(settings["key"].get<std::string>());
    if (settings.contains("meter")) asked.meter = parse_meter(settings["meter"].get<std::string>());
    if (settings.contains("tempo")) asked.pace.tempo_bpm = settings["tempo"].get<double>();
    if (settings.contains("seconds")) asked.pace.seconds = settings["seconds"].get<double>();
    return asked;
}

Promise promise_of(const TakeRecord& record) {
    Promise promise;
    base::OptionTable table;
    promise.rules.describe(table);
    const Json& settings = record.settings;
    if (settings.contains("rules")) table.from_json(settings["rules"], "rules of the take");
    promise.roles = record.roles;
    promise.where.numbers = record.parts;
    if (record.open.empty()) {
        // Other schemes' bars are stretches of their clock, and their keys and metres classes.
        if (record.scheme != "remi" && record.scheme != "note") return promise;
        // Of a whole take; a fill leaves form and key as they were.
        const AskedForm asked = asked_form(settings);
        promise.bars = asked.bars;
        promise.key = asked.key;
        promise.meter = asked.meter;
        promise.seconds = asked.pace.seconds;
        // A length in seconds changes the tempo.
        if (!promise.seconds) promise.tempo_bpm = asked.pace.tempo_bpm;
        promise.where.first_bar = asked.primer_bars;
        return promise;
    }
    for (const auto& [bar, part] : record.open) {
        const auto b = static_cast<std::size_t>(bar), p = static_cast<std::size_t>(part);
        auto& cells = promise.where.cells;
        if (cells.size() <= b) cells.resize(b + 1);
        if (cells[b].size() <= p) cells[b].resize(p + 1);
        cells[b][p] = true;
    }
    return promise;
}

}  // namespace symphony::generate
