// Which model predicts unseen music best, with intervals.
#include "symphony/view/html.h"
#include "symphony/view/report/section.h"

#include <fmt/format.h>

#include <algorithm>

namespace symphony::view {
namespace {

const RunLog* run_of(const ReportData& data, const std::string& name) {
    for (const RunLog& run : data.runs)
        if (run.name == name) return &run;
    return nullptr;
}

std::string interval_text(const evaluate::Interval& interval) {
    return fmt::format("{} <small>{} to {}</small>", fixed(interval.mean, 3),
                       fixed(interval.low, 3), fixed(interval.high, 3));
}

std::string pairs_html(const evaluate::Evaluation& evaluation) {
    std::string out = "<ul>";
    for (const evaluate::PairComparison& pair : evaluation.pairs)
        out += "<li>" + escape(with_model_titles(pair.sentence())) + "</li>";
    return out + "</ul>\n";
}

}  // namespace

const std::string& bits_chart(ReportContext& context, const evaluate::Evaluation& evaluation,
                              const std::string& name, const std::string& title) {
    Chart chart;
    chart.title = title;
    chart.y.label = "bits per note (fewer is better), 95 % interval";
    chart.width = 720;
    chart.height = 340;
    for (std::size_t m = 0; m < evaluation.models.size(); ++m) {
        const evaluate::Interval& bits = evaluation.bits_per_note[m];
        const double x = static_cast<double>(m);
        chart.x.ticks.emplace_back(x, model_title(evaluation.models[m].name));
        chart.series.push_back({.mark = Mark::kIntervals,
                                .color = std::string(model_color(evaluation.models[m].name).name),
                                .x = {x},
                                .y = {bits.mean},
                                .low = {bits.low},
                                .high = {bits.high}});
    }
    chart.x.low = -0.5;
    chart.x.high = static_cast<double>(evaluation.models.size()) - 0.5;
    chart.description = "Bits per note of each model with its 95 % interval.";
    return context.chart(name, chart);
}

std::string comparison_table(const ReportContext& context, bool short_form) {
    const evaluate::Evaluation& evaluation = *context.data.evaluation;
    Table table;
    table.headers = {"model", "parameters", "bits per note, 95 % interval"};
    if (!short_form)
        table.headers.insert(table.headers.begin() + 2,
                             {"settings tried", "tokens seen", "minutes"});
    for (const char* header : {"right", "in best 5", "pitch right"})
        table.headers.push_back(header);
    table.numeric.assign(table.headers.size(), true);
    table.numeric[0] = false;
    const std::string best = context.data.best_model();
    for (std::size_t m = 0; m < evaluation.models.size(); ++m) {
        const evaluate::ModelLikelihood& model = evaluation.models[m];
        std::vector<std::string> row = {
            model_key(model.name), thousands(model.parameters),
            fmt::format("<span{}>{}</span>", model.name == best ? " class=\"best\"" : "",
                        interval_text(evaluation.bits_per_note[m]))};
        if (!short_form) {
            const RunLog* run = run_of(context.data, model.name);
            row.insert(row.begin() + 2,
                       {run ? thousands(run->settings_tried) : "–",
                        run && run->tokens ? thousands(run->tokens) : "–",
                        run && run->seconds > 0 ? fixed(run->seconds / 60, 1) : "–"});
        }
        row.push_back(percent(model.accuracy().top1_share()));
        row.push_back(percent(model.accuracy().top5_share()));
        row.push_back(percent(model.pitch_accuracy().top1_share()));
        table.rows_html.push_back(std::move(row));
    }
    return format_table(table);
}

namespace {

// Where the bits go.
std::string breakdown_table(const evaluate::Evaluation& evaluation) {
    Table table{.caption =
                    "Bits per note by what the tokens say; a scheme without a kind has 0.00 "
                    "there",
                .headers = {"model", "pitch", "onset", "length", "part", "dynamics", "other",
                            "nats per token", "scheme"},
                .numeric = {false, true, true, true, true, true, true, true, false}};
    for (const evaluate::ModelLikelihood& model : evaluation.models) {
        std::vector<std::string> row = {model_key(model.name)};
        for (int k = 0; k < tokens::kTokenKinds; ++k)
            row.push_back(fixed(model.bits_per_note(static_cast<tokens::TokenKind>(k)), 2));
        row.push_back(fixed(model.nats_per_token(), 3));
        row.push_back(escape(model.scheme));
        table.rows_html.push_back(std::move(row));
    }
    return format_table(table);
}

}  // namespace

ReportSection comparison_section(ReportContext& context) {
    ReportSection section{"comparison", "Comparison", "Who predicts unseen music best", ""};
    if (!context.data.evaluation) {
        section.html = missing(
            "The models were not evaluated: <code>evaluation.json</code> is not "
            "there.");
        return section;
    }
    const evaluate::Evaluation& evaluation = *context.data.evaluation;
    const auto pieces = evaluation.models.empty() ? 0 : evaluation.models[0].pieces.size();
    const auto notes = evaluation.models.empty() ? 0 : evaluation.models[0].notes();
    section.html = fmt::format(
        "<p>Scored once on {} of the {} part ({}). Bits per note: the surprise, summed over all "
        "tokens of a whole piece and shared out over its notes; one bit less means twice as "
        "probable, note by note. Intervals are from a bootstrap over works. “Right” is over tokens "
        "where the rules of the scheme leave a choice.</p>",
        counted(static_cast<std::int64_t>(pieces), "piece"), escape(evaluation.split),
        counted(notes, "note"));
    section.html += fmt::format("<p class=\"verdict\">{}</p>",
                                escape(with_model_titles(evaluation.conclusion)));
    section.html +=
        figure(bits_chart(context, evaluation, "bits", "Bits per note on held-out music"),
               "Intervals of single models overlap easily; what counts is the paired "
               "difference on the same pieces, below.");
    section.html += comparison_table(context, false) + breakdown_table(evaluation);
    if (!evaluation.pairs.empty())
        section.html +=
            "<h3>Pair by pair</h3><p>Won only where the interval of the paired "
            "difference excludes zero.</p>" +
            pairs_html(evaluation);
    return section;
}

}  // namespace symphony::view
