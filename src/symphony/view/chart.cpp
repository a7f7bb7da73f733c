#include "symphony/view/chart.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/process.h"
#include "symphony/base/stop_signal.h"
#include "symphony/base/text.h"
#include "symphony/view/page_svg.h"

#include <fmt/format.h>

namespace symphony::view {

void write_chart(const Chart& chart, const std::filesystem::path& path) {
    if (base::find_program("gnuplot").empty())
        throw base::Error(base::ErrorKind::kInput, "the chart program is not installed", "gnuplot",
                          "apt-get install gnuplot-nox");
    const std::filesystem::path folder =
        path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
    const std::string name = path.stem().string();
    const ChartSource source = format_chart(chart, name + ".dat", path.filename().string());
    base::write_file_atomically(folder / (name + ".dat"), source.data);
    base::write_file_atomically(folder / (name + ".gp"), source.script);
    const base::ProcessResult result = base::run_process({"gnuplot", "-d", name + ".gp"},
                                                         {.timeout = std::chrono::seconds(60),
                                                          .max_memory_bytes = std::size_t{2} << 30,
                                                          .working_folder = folder});
    base::throw_if_stop_requested();
    if (result.timed_out || result.exit_code != 0)
        throw base::Error(
            base::ErrorKind::kInput,
            result.timed_out ? std::string("gnuplot took too long and was stopped")
                             : fmt::format("gnuplot failed with exit code {}: {}", result.exit_code,
                                           base::trim(result.errors.substr(0, 400))),
            path.string(), "the script lies beside the figure");
}

std::string inline_chart(const Chart& chart, const std::filesystem::path& folder,
                         const std::string& name) {
    const std::filesystem::path path = folder / (name + ".svg");
    write_chart(chart, path);
    const std::string svg = base::read_file(path).value();
    return page_svg(svg, name, chart.description.empty() ? chart.title : chart.description);
}

}  // namespace symphony::view
