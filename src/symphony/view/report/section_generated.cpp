// Generated beside real: histograms of what is measured, the table, and note plots side by side.
#include "symphony/view/html.h"
#include "symphony/view/report/section.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace symphony::view {
namespace {

constexpr int kBins = 10;

std::vector<double> shares(const std::vector<double>& values, double low, double width) {
    std::vector<double> counts(kBins, 0.0);
    for (const double value : values) {
        const int bin = std::clamp(static_cast<int>((value - low) / width), 0, kBins - 1);
        counts[static_cast<std::size_t>(bin)] += 1;
    }
    for (double& count : counts) count *= 100 / std::max(1.0, static_cast<double>(values.size()));
    return counts;
}

// Real music as bars, each model as a line over them.
Chart metric_chart(const evaluate::GeneratedReport& report, std::size_t metric) {
    const evaluate::MetricComparison& first = report.models[0].metrics[metric];
    double low = HUGE_VAL, high = -HUGE_VAL;
    const auto stretch = [&](const std::vector<double>& values) {
        for (const double value : values) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    };
    stretch(first.held_out.values);
    for (const evaluate::SetComparison& model : report.models)
        stretch(model.metrics[metric].generated.values);
    if (!(high > low)) high = low + 1;
    const double width = (high - low) / kBins;

    Chart chart;
    chart.title = first.title;
    chart.y.label = "% of excerpts";
    chart.y.low = 0;
    chart.x.label = first.unit;
    chart.width = 480;
    chart.height = 290;
    std::vector<double> bins(kBins);
    for (int b = 0; b < kBins; ++b) bins[static_cast<std::size_t>(b)] = b;
    for (int b = 0; b <= kBins; b += 2)
        chart.x.ticks.emplace_back(b - 0.5, fmt::format("{:.3g}", low + b * width));
    chart.x.low = -0.7;
    chart.x.high = kBins - 0.3;
    chart.series.push_back({.name = "real, held out",
                            .mark = Mark::kBars,
                            .color = "axis",
                            .x = bins,
                            .y = shares(first.held_out.values, low, width)});
    for (const evaluate::SetComparison& model : report.models)
        chart.series.push_back({.name = model_title(model.model),
                                .mark = Mark::kLinePoints,
                                .color = std::string(model_color(model.model).name),
                                .x = bins,
                                .y = shares(model.metrics[metric].generated.values, low, width)});
    chart.description = fmt::format(
        "{}: shares of held-out pieces as bars, of each model's "
        "excerpts as lines.",
        first.title);
    return chart;
}

// A yes-or-no measure is told by its share, others by their median.
std::string shown(const evaluate::MetricComparison& row, const evaluate::Sample& sample) {
    const auto is_yes_or_no = [](const evaluate::Sample& one) {
        return std::all_of(one.values.begin(), one.values.end(),
                           [](double value) { return value == 0 || value == 1; });
    };
    const bool share = is_yes_or_no(row.held_out) && is_yes_or_no(row.generated);
    return share ? percent(sample.mean, 0) : fixed(sample.median, 3);
}

std::string metric_table(const evaluate::GeneratedReport& report) {
    Table table{.caption =
                    "Median of the excerpts; the band holds nine tenths of the held-out pieces. "
                    "Outside it: marked.",
                .headers = {"measure", "held-out median", "held-out band", "training median"}};
    for (const evaluate::SetComparison& model : report.models)
        table.headers.push_back(model_title(model.model));
    table.numeric.assign(table.headers.size(), true);
    table.numeric[0] = false;
    for (std::size_t i = 0; i < report.models[0].metrics.size(); ++i) {
        const evaluate::MetricComparison& row = report.models[0].metrics[i];
        std::vector<std::string> cells = {
            escape(row.title) + " <small>" + escape(row.unit) + "</small>",
            shown(row, row.held_out),
            fixed(row.held_out.low, 2) + " to " + fixed(row.held_out.high, 2),
            shown(row, row.train)};
        for (const evaluate::SetComparison& model : report.models) {
            const evaluate::MetricComparison& one = model.metrics.at(i);
            cells.push_back(shown(one, one.generated) +
                            (one.inside ? "" : " <strong title=\"outside the band\">✗</strong>"));
        }
        table.rows_html.push_back(std::move(cells));
    }
    return format_table(table);
}

std::string side_by_side(const ReportData& data) {
    const auto models = data.composing_models();
    if (models.empty() || data.held_out.empty()) return {};
    const TakeFile& take = *data.first_take(models[0]);
    const score::Score& real = data.held_out[0].score;
    const PitchRange a = pitch_range(real), b = pitch_range(take.score);
    RollOptions options{
        .width_px = 560,
        .quarters_per_line = 18,
        .roll_height_px = 150,
        .bars = 12,
        .dress = Dress::kPage,
        .range = PitchRange{std::min(a.low, b.low) - 1, std::max(a.high, b.high) + 1}};
    RollOptions of_take = options;
    options.title = "Held out: " + data.held_out[0].id;
    of_take.title = fmt::format("Composed: {}, take {}", model_title(take.model), take.number);
    return "<h3>Notes side by side</h3><div class=\"pair\">" +
           figure(format_piano_roll(real, options), "") +
           figure(format_piano_roll(take.score, of_take), "") + "</div>\n";
}

}  // namespace

std::vector<std::string> metric_charts(ReportContext& context, std::size_t at_most) {
    std::vector<std::string> charts;
    const evaluate::GeneratedReport& report = *context.data.generated;
    if (report.models.empty()) return charts;
    for (std::size_t i = 0; i < report.models[0].metrics.size() && charts.size() < at_most; ++i) {
        const evaluate::MetricComparison& metric = report.models[0].metrics[i];
        const bool every_value_known =
            std::all_of(report.models.begin(), report.models.end(), [&](const auto& model) {
                return model.metrics.size() > i && !model.metrics[i].generated.values.empty();
            });
        // A yes-or-no measure has no shape; its share is in the table.
        const bool has_shape =
            std::any_of(metric.held_out.values.begin(), metric.held_out.values.end(),
                        [](double value) { return value != 0 && value != 1; });
        if (every_value_known && has_shape)
            charts.push_back(context.chart("metric-" + metric.metric, metric_chart(report, i)));
    }
    return charts;
}

ReportSection generated_section(ReportContext& context) {
    ReportSection section{"generated", "Composed beside real", "Composed beside real", ""};
    const auto& report = context.data.generated;
    if (!report || report->models.empty()) {
        section.html = missing(
                           "Composed music was not compared with real music: "
                           "<code>generated.json</code> is not there.") +
                       side_by_side(context.data);
        return section;
    }
    section.html = fmt::format(
        "<p>{} excerpts of {} bars from each model beside the last {} bars of {} held-out and {} "
        "training pieces. What is judged is nearness to the held-out pieces, never “higher”; the "
        "training pieces show how near real music of the same kind comes.</p><ul>",
        thousands(report->models[0].takes), report->bars, report->bars,
        thousands(report->models[0].held_out_pieces), thousands(report->models[0].train_pieces));
    for (const evaluate::SetComparison& model : report->models)
        section.html += "<li>" + escape(with_model_titles(model.sentence())) + "</li>";
    for (std::size_t m = 0; m < report->copying.size(); ++m)
        section.html +=
            fmt::format("<li>{}: {}.</li>", escape(model_title(report->models[m].model)),
                        escape(report->copying[m].sentence()));
    section.html += "</ul><div class=\"grid\">";
    for (const std::string& chart : metric_charts(context, 20)) section.html += figure(chart, "");
    section.html += "</div>\n" + metric_table(*report) + side_by_side(context.data);
    return section;
}

}  // namespace symphony::view
