#include "symphony/view/report/run_log.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>

namespace symphony::view {
namespace {

namespace fs = std::filesystem;
using base::Json;

// The last number in a file's name: "step-000120.mid" is of step 120.
std::int64_t number_in(const std::string& stem) {
    std::size_t end = stem.size();
    while (end > 0 && !std::isdigit(static_cast<unsigned char>(stem[end - 1]))) --end;
    std::size_t begin = end;
    while (begin > 0 && std::isdigit(static_cast<unsigned char>(stem[begin - 1]))) --begin;
    const std::string digits = stem.substr(begin, std::min<std::size_t>(end - begin, 15));
    return digits.empty() ? 0 : std::stoll(digits);
}

void read_line(const Json& line, RunLog& run,
               std::map<std::int64_t, std::vector<std::string>>& warnings) {
    const std::string event = line.value("event", "");
    const auto step = line.value("step", std::int64_t{0});
    run.seconds = std::max(run.seconds, line.value("seconds", 0.0));
    run.steps = std::max(run.steps, step);
    if (event == "start") {
        run.parameters = line.value("parameters", std::int64_t{0});
        if (line.contains("uniform_loss")) run.uniform_loss = line["uniform_loss"].get<double>();
    } else if (event == "step") {
        run.tokens = std::max(run.tokens, line.value("tokens", std::int64_t{0}));
    } else if (event == "evaluation") {
        const CurvePoint point{step, line.value("epoch", 0.0), line.at("loss").get<double>(),
                               line.value("accuracy", 0.0)};
        const std::string split = line.value("split", "");
        if (split == "train") run.train.push_back(point);
        if (split == "valid") run.valid.push_back(point);
    } else if (event == "order") {
        run.settings_tried = std::max(run.settings_tried, static_cast<int>(step));
    } else if (event == "sample") {
        warnings[step] = line.value("warnings", std::vector<std::string>{});
    } else if (event == "end") {
        run.end_reason = line.value("reason", "");
        if (line.contains("best_step")) run.best_step = line["best_step"].get<std::int64_t>();
    }
}

void read_metrics(const fs::path& path, RunLog& run,
                  std::map<std::int64_t, std::vector<std::string>>& warnings) {
    const std::string text = base::read_file(path).value();
    const std::vector<std::string> lines = base::split(text, '\n');
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (base::trim(lines[i]).empty()) continue;
        auto line = base::parse_json(lines[i], fmt::format("{}:{}", path.string(), i + 1));
        const bool cut_short = i + 1 == lines.size();  // a crash leaves half a last line
        if (!line.ok() && cut_short) return;
        try {
            read_line(line.value(), run, warnings);
        } catch (const Json::exception& e) {
            throw base::Error(base::ErrorKind::kInput, e.what(),
                              fmt::format("{}:{}", path.string(), i + 1));
        }
    }
}

Json json_or_empty(const fs::path& path) {
    return fs::exists(path) ? base::read_json_file(path).value() : Json::object();
}

}  // namespace

std::optional<double> RunLog::best_valid_loss() const {
    if (valid.empty()) return std::nullopt;
    return std::min_element(
               valid.begin(), valid.end(),
               [](const CurvePoint& a, const CurvePoint& b) { return a.loss < b.loss; })
        ->loss;
}

RunLog read_run(const fs::path& folder) {
    RunLog run;
    run.folder = folder;
    run.name = folder.filename().string();
    std::map<std::int64_t, std::vector<std::string>> warnings;
    if (fs::exists(folder / "metrics.jsonl")) read_metrics(folder / "metrics.jsonl", run, warnings);
    if (fs::exists(folder / "run.toml"))
        run.settings = base::read_file(folder / "run.toml").value();
    run.provenance = json_or_empty(folder / "model" / "symphony.json");
    try {
        run.gradient_by_distance = json_or_empty(folder / "gradient-flow.json")
                                       .value("norm_by_distance", std::vector<double>{});
        const Json result = json_or_empty(folder / "result.json");
        run.parameters = result.value("parameters", run.parameters);
        run.tokens = result.value("tokens", run.tokens);
        run.steps = result.value("steps", run.steps);
        run.seconds =
            result.contains("minutes") ? 60 * result["minutes"].get<double>() : run.seconds;
        const Json options = run.provenance.value("options", Json::object());
        run.family = result.value("model", options.value("model", run.name));
    } catch (const Json::exception& e) {
        throw base::Error(base::ErrorKind::kInput, e.what(), folder.string());
    }
    if (fs::exists(folder / "samples"))
        for (const fs::path& path : base::list_files(folder / "samples"))
            if (path.extension() == ".mid") {
                const std::int64_t step = number_in(path.stem().string());
                run.samples.push_back({step, path, warnings[step]});
            }
    std::stable_sort(run.samples.begin(), run.samples.end(),
                     [](const RunSample& a, const RunSample& b) { return a.step < b.step; });
    return run;
}

std::string model_title(const std::string& name) {
    if (name == "ngram") return "n-gram";
    if (name == "rnn") return "RNN";
    if (name == "lstm") return "LSTM";
    return name;
}

}  // namespace symphony::view
