// Chart -> gnuplot script and data. Texts are single-quoted (gnuplot runs nothing inside these) and
// lose their control characters; numbers go to the data file, one block a series.
#include "symphony/base/error.h"
#include "symphony/base/text.h"
#include "symphony/view/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace symphony::view {
namespace {

std::string quote(std::string_view text) {
    std::string out = "'";
    for (const char c : base::to_utf8(text)) {
        if (c == '\'')
            out += "''";
        else if (c == '`')
            out += "''";
        else if (static_cast<unsigned char>(c) >= 32)
            out += c;
    }
    return out + "'";
}

std::string rgb(std::string_view name) { return fmt::format("rgb '{}'", color(name).light); }

std::string terminal(const Chart& chart, const std::string& output_name) {
    const std::string ending = std::filesystem::path(output_name).extension().string();
    // The background is stated so that the page version can find and drop it.
    if (ending == ".svg")
        return fmt::format(
            "svg noenhanced dynamic size {},{} font 'Helvetica,13' background rgb '#ffffff'",
            chart.width, chart.height);
    if (ending == ".png")
        return fmt::format(
            "pngcairo noenhanced size {},{} font 'Helvetica,22' fontscale 1.0 linewidth 2 "
            "pointscale 2 background rgb '#ffffff'",
            2 * chart.width, 2 * chart.height);
    if (ending == ".pdf")
        return fmt::format(
            "pdfcairo noenhanced size {:.2f}in,{:.2f}in font 'Helvetica,10' background rgb "
            "'#ffffff'",
            chart.width / 96.0, chart.height / 96.0);
    throw base::Error(
        base::ErrorKind::kUsage,
        fmt::format("no such figure format, got \"{}\", expected .svg, .png or .pdf", ending),
        output_name);
}

std::string axis_commands(const Axis& axis, char which) {
    std::string out;
    if (axis.logarithmic) out += fmt::format("set logscale {}\n", which);
    if (axis.low || axis.high)
        out += fmt::format("set {}range [{}:{}]\n", which,
                           axis.low ? fmt::format("{:.10g}", *axis.low) : "*",
                           axis.high ? fmt::format("{:.10g}", *axis.high) : "*");
    if (!axis.ticks.empty()) {
        out += fmt::format("set {}tics (", which);
        for (std::size_t i = 0; i < axis.ticks.size(); ++i)
            out += fmt::format("{}{} {:.10g}", i ? ", " : "", quote(axis.ticks[i].second),
                               axis.ticks[i].first);
        out += ")\n";
    }
    if (axis.slanted) out += fmt::format("set {}tics rotate by -32\n", which);
    return out;
}

// Distance between marks of the y axis: five or so, at 1, 2 or 5 times a power of ten.
std::string y_tick_commands(const Chart& chart) {
    if (chart.y.logarithmic || !chart.y.ticks.empty()) return {};
    double low = HUGE_VAL, high = -HUGE_VAL;
    const auto stretch = [&](double value) {
        if (!std::isfinite(value)) return;
        low = std::min(low, value);
        high = std::max(high, value);
    };
    for (const Series& series : chart.series) {
        for (const double y : series.y) stretch(y);
        for (const double y : series.low) stretch(y);
        for (const double y : series.high) stretch(y);
        if (series.mark == Mark::kBars) stretch(0);
    }
    for (const ReferenceLine& line : chart.references) stretch(line.y);
    low = chart.y.low.value_or(low);
    high = chart.y.high.value_or(high);
    if (!(high > low)) return {};
    const double least = (high - low) / 5;
    const double power = std::pow(10, std::floor(std::log10(least)));
    const double step = power * (least <= power       ? 1
                                 : least <= 2 * power ? 2
                                 : least <= 5 * power ? 5
                                                      : 10);
    return fmt::format("set ytics {:.10g}\n", step);
}

// "using … with …" for one series; `bar` counts the bar series before it.
std::string plot_style(const Series& series, int bar, int bars) {
    const std::string paint = fmt::format("lc {} lw {:.3g}{}", rgb(series.color), series.line_width,
                                          series.dashed ? " dt (6,4)" : " dt 1");
    switch (series.mark) {
        case Mark::kLine:
            return "using 1:2 with lines " + paint;
        case Mark::kLinePoints:
            return "using 1:2 with linespoints " + paint + " pt 7 ps 0.5";
        case Mark::kStep:
            return "using 1:2 with steps " + paint;
        case Mark::kPoints:
            return "using 1:2 with points " + paint + " pt 7 ps 0.6";
        case Mark::kIntervals:
            return "using 1:2:3:4 with yerrorbars " + paint + " pt 7 ps 0.8";
        case Mark::kBars: {
            const double width = 0.8 / bars;
            const double shift = (bar - (bars - 1) / 2.0) * width;
            return fmt::format(
                "using ($1{:+.4f}):2:({:.4f}) with boxes fs solid 0.9 noborder lc {}", shift,
                width * 0.92, rgb(series.color));
        }
    }
    return {};
}

std::string data_block(const Series& series) {
    std::string out = fmt::format("# {}\n", quote(series.name));
    for (std::size_t i = 0; i < std::min(series.x.size(), series.y.size()); ++i) {
        out += fmt::format("{:.10g} {:.10g}", series.x[i], series.y[i]);
        if (series.mark == Mark::kIntervals)
            out += fmt::format(" {:.10g} {:.10g}", series.low.at(i), series.high.at(i));
        out += "\n";
    }
    return out;
}

}  // namespace

ChartSource format_chart(const Chart& chart, const std::string& data_name,
                         const std::string& output_name) {
    ChartSource source;
    std::string& s = source.script;
    s += fmt::format("# {}\n# Draw it again: gnuplot FILE.gp\n", quote(chart.title));
    s += fmt::format("set terminal {}\nset output {}\n", terminal(chart, output_name),
                     quote(output_name));
    s += fmt::format(
        "set encoding utf8\n"
        "set border 1 lc {1} lw 1\n"
        "set grid ytics lc {2} lw 0.8 dt 1\n"
        "set tics nomirror textcolor {0} scale 0.4\n"
        "set ytics textcolor {0} scale 0\n"
        "set tmargin {3}\nset rmargin {4}\nset lmargin 8\n"
        "set style fill solid\n",
        rgb("soft"), rgb("axis"), rgb("grid"), chart.y.label.empty() ? 2.2 : 3.5,
        chart.x.slanted ? 9 : 3);  // the last label leans out
    s += fmt::format(
        "set label 1 {} at graph 0, graph 1 offset -5, {} left font ',15' "
        "textcolor {}\n",
        quote(chart.title), chart.y.label.empty() ? 1.1 : 2.2, rgb("ink"));
    s += fmt::format("set label 2 {} at graph 0, graph 1 offset -5, 0.9 left textcolor {}\n",
                     quote(chart.y.label), rgb("soft"));
    s += fmt::format("set xlabel {} textcolor {} offset 0, 0.2\n", quote(chart.x.label),
                     rgb("soft"));
    s += axis_commands(chart.x, 'x') + axis_commands(chart.y, 'y') + y_tick_commands(chart);

    std::vector<std::string> plots;
    int bar = 0;
    const int bars =
        static_cast<int>(std::count_if(chart.series.begin(), chart.series.end(),
                                       [](const Series& one) { return one.mark == Mark::kBars; }));
    int listed = 0;
    for (const ReferenceLine& line : chart.references) {
        if (!std::isfinite(line.y)) continue;
        static constexpr const char* kDashes[] = {"(2,3)", "(7,3)", "(10,3,2,3)"};
        plots.push_back(fmt::format("{:.10g} with lines lc {} lw 1.6 dt {} title {}", line.y,
                                    rgb(line.color), kDashes[listed % 3], quote(line.name)));
        ++listed;
    }
    for (std::size_t i = 0; i < chart.series.size(); ++i) {
        const Series& series = chart.series[i];
        if (i) source.data += "\n\n";
        source.data += data_block(series);
        plots.push_back(
            fmt::format("{} index {} {} {}", quote(data_name), i, plot_style(series, bar, bars),
                        series.name.empty() ? "notitle" : "title " + quote(series.name)));
        bar += series.mark == Mark::kBars;
        listed += !series.name.empty();
    }
    if (bars) s += "set boxwidth 0.8 absolute\n";
    s +=
        listed
            ? fmt::format(
                  "set key bmargin center horizontal Left reverse samplen 2 width 1 textcolor {}\n",
                  rgb("soft"))
            : "unset key\n";
    s += "plot ";
    for (std::size_t i = 0; i < plots.size(); ++i) s += (i ? ", \\\n     " : "") + plots[i];
    s += "\n";
    return source;
}

Chart bar_chart(std::string title, std::vector<std::string> categories,
                std::vector<BarGroup> groups) {
    Chart chart;
    chart.title = std::move(title);
    for (std::size_t i = 0; i < categories.size(); ++i)
        chart.x.ticks.emplace_back(static_cast<double>(i), std::move(categories[i]));
    // Few bars are kept from growing as wide as the chart.
    const double pad = std::max(0.0, (6 - static_cast<double>(categories.size())) / 2);
    chart.x.low = -0.6 - pad;
    chart.x.high = static_cast<double>(categories.size()) - 0.4 + pad;
    chart.y.low = 0;
    for (BarGroup& group : groups) {
        if (group.values.size() > categories.size())
            throw base::Error(base::ErrorKind::kInternal, "more bars than categories");
        Series series{.name = group.name, .mark = Mark::kBars, .color = group.color};
        for (std::size_t i = 0; i < group.values.size(); ++i)
            series.x.push_back(static_cast<double>(i));
        series.y = std::move(group.values);
        chart.series.push_back(std::move(series));
    }
    return chart;
}

}  // namespace symphony::view
