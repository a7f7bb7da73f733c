// Settings and seeds: all that is needed to make this again.
#include "symphony/view/html.h"
#include "symphony/view/report/section.h"

#include <fmt/format.h>

namespace symphony::view {
namespace {

std::string text_of(const base::Json& json, const char* key) {
    if (!json.contains(key)) return "–";
    return json[key].is_string() ? json[key].get<std::string>() : json[key].dump();
}

Table runs_table(const std::vector<RunLog>& runs) {
    Table table{.headers = {"run", "seed", "steps", "kept weights of step", "ended by", "minutes",
                            "made by", "data hash"},
                .numeric = {false, true, true, true, false, true, false, false}};
    for (const RunLog& run : runs)
        table.rows_html.push_back(
            {model_key(run.name), escape(text_of(run.provenance, "seed")), thousands(run.steps),
             run.best_step ? thousands(*run.best_step) : "–",
             escape(run.end_reason.empty() ? "not finished" : run.end_reason),
             fixed(run.seconds / 60, 1), escape(text_of(run.provenance, "made_by")),
             "<code>" + escape(text_of(run.provenance, "data_sha256").substr(0, 12)) + "</code>"});
    return table;
}

}  // namespace

ReportSection settings_section(ReportContext& context) {
    ReportSection section{"settings", "Settings", "Settings and seeds", ""};
    const ReportData& data = context.data;
    if (data.runs.empty()) {
        section.html = missing("No training run is there (<code>models/</code>).");
        return section;
    }
    section.html =
        "<p>Every draw comes from a seed; the same settings give the same run again "
        "(<code>symphony train --config run.toml</code>).</p>" +
        format_table(runs_table(data.runs));
    if (!data.pretraining_runs.empty())
        section.html +=
            "<h3>The pre-training runs</h3>" + format_table(runs_table(data.pretraining_runs));
    if (!data.base_runs.empty())
        section.html +=
            "<h3>The runs beside the base</h3>" + format_table(runs_table(data.base_runs));
    if (data.dataset)
        section.html += folded("How the data was prepared",
                               "<pre>" + escape(data.dataset->description().dump(2)) + "</pre>");
    for (const RunLog& run : data.runs)
        if (!run.settings.empty())
            section.html += folded("run.toml of " + model_title(run.name),
                                   "<pre>" + escape(run.settings) + "</pre>");
    for (const std::string& model : data.composing_models()) {
        const TakeFile& take = *data.first_take(model);
        if (!take.info.empty())
            section.html += folded(fmt::format("Take {} of {}", take.number, model_title(model)),
                                   "<pre>" + escape(take.info.dump(2)) + "</pre>");
    }
    if (!data.unreadable.empty()) {
        std::string list;
        for (const std::string& one : data.unreadable) list += "<li>" + escape(one) + "</li>";
        section.html += "<h3>Left out of this page</h3><ul>" + list + "</ul>";
    }
    return section;
}

}  // namespace symphony::view
