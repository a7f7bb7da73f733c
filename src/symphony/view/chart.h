// Charts in one house style, drawn by gnuplot (http://gnuplot.info, version 5.4). The script and
// the data stay beside the figure, so that anyone can draw it again: `gnuplot NAME.gp`.
#pragma once

#include "symphony/view/palette.h"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace symphony::view {

enum class Mark {
    kLine,
    kLinePoints,
    kStep,
    kPoints,
    kBars,       // from 0; series of bars stand side by side
    kIntervals,  // a point at y with a whisker from low to high
};

struct Series {
    std::string name;  // in the key; empty: not listed
    Mark mark = Mark::kLine;
    std::string color = "real";  // a name of palette()
    bool dashed = false;
    double line_width = 2;
    std::vector<double> x, y;
    std::vector<double> low, high;  // kIntervals only
};

// A level to compare with, across the whole chart.
struct ReferenceLine {
    std::string name;
    double y = 0;
    std::string color = "axis";
};

struct Axis {
    std::string label;
    bool logarithmic = false;
    std::optional<double> low, high;
    std::vector<std::pair<double, std::string>> ticks;  // empty: gnuplot's choice
    bool slanted = false;                               // long names
};

struct Chart {
    std::string title;
    std::string description;  // what is seen, in a sentence: the text for those who cannot see it
    Axis x, y;
    std::vector<Series> series;
    std::vector<ReferenceLine> references;
    int width = 640, height = 340;  // pixels
};

// A chart of bars over named categories, series side by side. Values beyond the categories are an
// internal error.
struct BarGroup {
    std::string name, color;
    std::vector<double> values;
};
Chart bar_chart(std::string title, std::vector<std::string> categories,
                std::vector<BarGroup> groups);

// The gnuplot script and its data, as text. `data_name` and `output_name` are file names in the
// working folder; the output's ending chooses .svg, .png or .pdf. Any text is safe: it goes into
// the script quoted.
struct ChartSource {
    std::string script, data;
};
ChartSource format_chart(const Chart& chart, const std::string& data_name,
                         const std::string& output_name);

// Draws into `path` (.svg, .png, .pdf), with NAME.gp and NAME.dat beside it. Throws Error (kInput)
// if gnuplot is missing (naming the package) or fails (with its first lines).
void write_chart(const Chart& chart, const std::filesystem::path& path);

// As write_chart for `folder`/`name`.svg, and gives the SVG for a page: colours as CSS variables,
// every id begins with `name`, role and description for screen readers, nothing that runs or loads.
std::string inline_chart(const Chart& chart, const std::filesystem::path& folder,
                         const std::string& name);

}  // namespace symphony::view
