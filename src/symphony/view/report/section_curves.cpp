// Loss and accuracy by epoch, beside what guessing and counting reach.
#include "symphony/view/html.h"
#include "symphony/view/report/section.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace symphony::view {
namespace {

// A run with one evaluation (the n-gram) is a level to compare with, not a curve.
bool is_curve(const RunLog& run) { return run.valid.size() > 1; }

Series curve(const RunLog& run, const std::vector<CurvePoint>& points, double CurvePoint::*value,
             double factor) {
    Series series{.mark = Mark::kLinePoints, .color = std::string(model_color(run.name).name)};
    for (const CurvePoint& point : points) {
        series.x.push_back(point.epoch);
        series.y.push_back(factor * point.*value);
    }
    return series;
}

std::optional<double> uniform_loss(const ReportData& data) {
    for (const RunLog& run : data.runs)
        if (run.uniform_loss) return run.uniform_loss;
    if (data.dataset) return std::log(data.dataset->vocabulary_size());
    return std::nullopt;
}

Chart all_models(const ReportData& data, double CurvePoint::*value, double factor) {
    Chart chart;
    chart.x.label = "epoch (times through the training music)";
    for (const RunLog& run : data.runs)
        if (is_curve(run)) {
            chart.series.push_back(curve(run, run.valid, value, factor));
            chart.series.back().name = model_title(run.name);
        }
    return chart;
}

const RunLog* level(const ReportData& data) {
    for (const RunLog& run : data.runs)
        if (run.family == "ngram" && !run.valid.empty()) return &run;
    return nullptr;
}

bool any_curve(const ReportData& data) {
    return std::any_of(data.runs.begin(), data.runs.end(), is_curve);
}

const std::string& train_and_valid(ReportContext& context, const RunLog& run) {
    Chart chart;
    chart.title = model_title(run.name) + ": training and held-out loss";
    chart.y.label = "nats per token";
    chart.x.label = "epoch";
    chart.width = 480;
    chart.height = 280;
    chart.series.push_back(curve(run, run.train, &CurvePoint::loss, 1));
    chart.series.back().name = "training pieces";
    chart.series.back().dashed = true;
    chart.series.back().line_width = 1.4;
    chart.series.push_back(curve(run, run.valid, &CurvePoint::loss, 1));
    chart.series.back().name = "held-out pieces";
    std::erase_if(chart.series, [](const Series& series) { return series.x.empty(); });
    return context.chart("curve-" + run.name, chart);
}

// How far back learning reaches: in a recurrent network the gradient shrinks with distance.
std::string gradient_flow_figure(ReportContext& context) {
    Chart chart;
    chart.title = "How far back learning reaches";
    chart.x.label = "tokens between a prediction and the state before it";
    chart.y.label = "norm of the gradient, first = 1";
    chart.y.logarithmic = true;
    chart.width = 820;
    chart.description =
        "Norm of the gradient of a loss with respect to earlier hidden states, by distance in "
        "time, on a logarithmic axis.";
    for (const RunLog& run : context.data.runs) {
        const std::vector<double>& norms = run.gradient_by_distance;
        if (norms.empty() || !(norms.front() > 0)) continue;
        Series series{.name = model_title(run.name),
                      .color = std::string(model_color(run.name).name)};
        for (std::size_t k = 0; k < norms.size(); ++k) {
            if (!(norms[k] > 0)) break;  // a logarithmic axis ends where the gradient vanished
            series.x.push_back(static_cast<double>(k));
            series.y.push_back(norms[k] / norms.front());
        }
        chart.series.push_back(std::move(series));
    }
    if (chart.series.empty()) return "";
    return "<h3>Gradients through time</h3>" +
           figure(context.chart("gradient-flow", chart),
                  "A straight fall loses the same share with every token further back. Of an "
                  "LSTM the hidden state is measured, not its cell.");
}

}  // namespace

const std::string& loss_chart(ReportContext& context) {
    const ReportData& data = context.data;
    Chart chart = all_models(data, &CurvePoint::loss, 1);
    chart.title = "Loss on held-out pieces";
    chart.y.label = "nats per token (less is better)";
    chart.width = 820;
    chart.height = 400;
    if (const auto loss = uniform_loss(data))
        chart.references.push_back({"ln V: guessing", *loss, "axis"});
    if (data.unigram_loss && std::isfinite(*data.unigram_loss))
        chart.references.push_back({"unigram: counting tokens", *data.unigram_loss, "unknown"});
    if (const RunLog* ngram = level(data))
        chart.references.push_back({"n-gram", *ngram->best_valid_loss(), "ngram"});
    chart.description =
        "Held-out loss of each model by epoch, with the levels of guessing, "
        "unigram and n-gram.";
    return context.chart("loss", chart);
}

const std::string& accuracy_chart(ReportContext& context) {
    Chart chart = all_models(context.data, &CurvePoint::accuracy, 100);
    chart.title = "Accuracy on held-out pieces";
    chart.y.label = "% of tokens predicted right";
    chart.width = 820;
    chart.height = 400;
    if (const RunLog* ngram = level(context.data))
        chart.references.push_back({"n-gram", 100 * ngram->valid.back().accuracy, "ngram"});
    chart.description = "Share of held-out tokens that each model predicts right, by epoch.";
    return context.chart("accuracy", chart);
}

ReportSection curves_section(ReportContext& context) {
    ReportSection section{"curves", "Curves", "How they learned", ""};
    if (!any_curve(context.data)) {
        section.html = missing(
            "No model has a learning curve yet: <code>models/*/metrics.jsonl"
            "</code> holds fewer than two evaluations.");
        return section;
    }
    section.html =
        "<p>Loss is the surprise at the next token, in nats; accuracy, how often the likeliest "
        "guess is right. Valid pieces choose the weights that are kept; they are not the pieces "
        "that judge below.</p>";
    section.html += figure(loss_chart(context),
                           "The grey lines are levels anyone reaches: guessing among V tokens (ln "
                           "V), knowing how often each occurs, and the tuned n-gram.");
    section.html += figure(accuracy_chart(context), "");
    section.html +=
        "<h3>Training beside held-out</h3><p>Where the two part, a model learns its "
        "pieces by heart.</p><div class=\"grid\">";
    for (const RunLog& run : context.data.runs)
        if (is_curve(run)) section.html += figure(train_and_valid(context, run), "");
    section.html += "</div>\n" + gradient_flow_figure(context);
    for (const RunLog& run : context.data.runs)
        if (!run.samples.empty() && !run.samples.back().warnings.empty())
            section.html += fmt::format("<p>The last sample of the {} gave a warning: {}.</p>",
                                        escape(model_title(run.name)),
                                        escape(join_words(run.samples.back().warnings)));
    return section;
}

}  // namespace symphony::view
