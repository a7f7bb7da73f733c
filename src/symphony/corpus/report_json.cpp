#include "symphony/base/error.h"
#include "symphony/corpus/report.h"

#include <string_view>

namespace symphony::corpus {
namespace {

using base::Json;

Json to_json(const FileRecord& file) {
    Json json{{"id", file.id}, {"fate", file_fate_name(file.fate)}};
    if (!file.code.empty()) json["code"] = file.code;
    if (!file.reason.empty()) json["reason"] = file.reason;
    if (!file.duplicate_of.empty()) json["duplicate_of"] = file.duplicate_of;
    if (!file.repairs.empty()) json["repairs"] = file.repairs;
    return json;
}

FileRecord file_from_json(const Json& json) {
    FileRecord file;
    file.id = json.at("id").get<std::string>();
    const auto fate = json.at("fate").get<std::string>();
    for (int f = 0; f < kFileFates; ++f)
        if (fate == file_fate_name(static_cast<FileFate>(f))) file.fate = static_cast<FileFate>(f);
    file.code = json.value("code", "");
    file.reason = json.value("reason", "");
    file.duplicate_of = json.value("duplicate_of", "");
    file.repairs = json.value("repairs", std::vector<std::string>{});
    return file;
}

Json to_json(const Account& account) {
    Json files = Json::array();
    for (const FileRecord& file : account.files) files.push_back(to_json(file));
    Json codes = Json::array();
    for (const CodeCount& code : account.codes)
        codes.push_back({{"code", code.code},
                         {"name", code.name},
                         {"times", code.times},
                         {"files", code.files},
                         {"refuses", code.refuses}});
    return Json{{"sentence", account.sentence()},
                {"found", account.found},
                {"used", account.used},
                {"repaired", account.repaired},
                {"refused", account.refused},
                {"duplicates_exact", account.duplicates_exact},
                {"duplicates_music", account.duplicates_music},
                {"filtered", account.filtered},
                {"not_music", account.not_music},
                {"unreadable_folders", account.unreadable_folders},
                {"codes", codes},
                {"files", files}};
}

Account account_from_json(const Json& json) {
    Account account;
    json.at("found").get_to(account.found);
    json.at("used").get_to(account.used);
    json.at("repaired").get_to(account.repaired);
    json.at("refused").get_to(account.refused);
    json.at("duplicates_exact").get_to(account.duplicates_exact);
    json.at("duplicates_music").get_to(account.duplicates_music);
    json.at("filtered").get_to(account.filtered);
    json.at("not_music").get_to(account.not_music);
    json.at("unreadable_folders").get_to(account.unreadable_folders);
    for (const Json& code : json.at("codes"))
        account.codes.push_back({.code = code.at("code").get<std::string>(),
                                 .name = code.at("name").get<std::string>(),
                                 .times = code.at("times").get<std::int64_t>(),
                                 .files = code.at("files").get<std::int64_t>(),
                                 .refuses = code.at("refuses").get<bool>()});
    for (const Json& file : json.at("files")) account.files.push_back(file_from_json(file));
    return account;
}

Json to_json(const PieceSummary& piece) {
    return Json{{"id", piece.id},
                {"title", piece.title},
                {"composer", piece.composer},
                {"group", piece.group},
                {"notes", piece.notes},
                {"parts", piece.parts},
                {"bars", piece.bars},
                {"quarters", piece.quarters},
                {"seconds", piece.seconds},
                {"key", piece.key.name()},
                {"key_sharps", piece.key.sharps},
                {"key_minor", piece.key.minor},
                {"key_given", piece.key_given},
                {"meter", piece.meter},
                {"has_drums", piece.has_drums}};
}

PieceSummary summary_from_json(const Json& json) {
    PieceSummary piece;
    json.at("id").get_to(piece.id);
    json.at("title").get_to(piece.title);
    json.at("composer").get_to(piece.composer);
    json.at("group").get_to(piece.group);
    json.at("notes").get_to(piece.notes);
    json.at("parts").get_to(piece.parts);
    json.at("bars").get_to(piece.bars);
    json.at("quarters").get_to(piece.quarters);
    json.at("seconds").get_to(piece.seconds);
    json.at("key_sharps").get_to(piece.key.sharps);
    json.at("key_minor").get_to(piece.key.minor);
    json.at("key_given").get_to(piece.key_given);
    json.at("meter").get_to(piece.meter);
    json.at("has_drums").get_to(piece.has_drums);
    return piece;
}

}  // namespace

const Distribution* CorpusReport::distribution(const std::string& name) const {
    for (const Distribution& d : distributions)
        if (d.name == name) return &d;
    return nullptr;
}

Json to_json(const CorpusReport& report) {
    Json remarks = Json::array(), distributions = Json::array(), summaries = Json::array();
    Json related = Json::array();
    for (const RelatedPair& pair : report.related)
        related.push_back(
            {{"a", pair.a}, {"b", pair.b}, {"relation", pair.relation}, {"why", pair.why}});
    for (const Remark& remark : report.remarks)
        remarks.push_back({{"code", remark.code},
                           {"text", remark.text},
                           {"limit", remark.limit},
                           {"pieces", remark.pieces}});
    for (const Distribution& d : report.distributions) distributions.push_back(to_json(d));
    for (const PieceSummary& piece : report.summaries) summaries.push_back(to_json(piece));
    return Json{{"root", report.root},
                {"account", to_json(report.account)},
                {"pieces", report.pieces},
                {"notes", report.notes},
                {"drum_notes", report.drum_notes},
                {"parts", report.parts},
                {"bars", report.bars},
                {"hours", report.hours},
                {"quarters", report.quarters},
                {"keys_given", report.keys_given},
                {"tempos_given", report.tempos_given},
                {"meters_given", report.meters_given},
                {"groups", report.groups},
                {"largest_group", report.largest_group},
                {"remarks", remarks},
                {"examples", report.examples},
                {"distributions", distributions},
                {"atlas", to_json(report.atlas)},
                {"related", related},
                {"summaries", summaries}};
}

CorpusReport report_from_json(const Json& json, const std::string& path) {
    CorpusReport report;
    try {
        json.at("root").get_to(report.root);
        report.account = account_from_json(json.at("account"));
        json.at("pieces").get_to(report.pieces);
        json.at("notes").get_to(report.notes);
        json.at("drum_notes").get_to(report.drum_notes);
        json.at("parts").get_to(report.parts);
        json.at("bars").get_to(report.bars);
        json.at("hours").get_to(report.hours);
        json.at("quarters").get_to(report.quarters);
        json.at("keys_given").get_to(report.keys_given);
        json.at("tempos_given").get_to(report.tempos_given);
        json.at("meters_given").get_to(report.meters_given);
        json.at("groups").get_to(report.groups);
        json.at("largest_group").get_to(report.largest_group);
        for (const Json& remark : json.at("remarks"))
            report.remarks.push_back(
                {.code = remark.at("code").get<std::string>(),
                 .text = remark.at("text").get<std::string>(),
                 .limit = remark.at("limit").get<bool>(),
                 .pieces = remark.at("pieces").get<std::vector<std::string>>()});
        json.at("examples").get_to(report.examples);
        for (const Json& d : json.at("distributions"))
            report.distributions.push_back(distribution_from_json(d));
        report.atlas = atlas_from_json(json.at("atlas"));
        for (const Json& pair : json.at("related"))
            report.related.push_back({.a = pair.at("a").get<std::string>(),
                                      .b = pair.at("b").get<std::string>(),
                                      .relation = pair.at("relation").get<std::string>(),
                                      .why = pair.at("why").get<std::string>()});
        for (const Json& piece : json.at("summaries"))
            report.summaries.push_back(summary_from_json(piece));
    } catch (const std::exception& e) {
        throw base::Error(base::ErrorKind::kInput,
                          std::string("not a report of explore (") + e.what() + ")", path,
                          "make it again with: symphony explore DIR --json");
    }
    return report;
}

}  // namespace symphony::corpus
