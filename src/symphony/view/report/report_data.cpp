#include "symphony/view/report/report_data.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/text.h"
#include "symphony/io/score_file.h"
#include "symphony/score/roles.h"
#include "symphony/score/transform.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace symphony::view {
namespace {

namespace fs = std::filesystem;
using base::Json;

constexpr std::size_t kMaxHeldOut = 40;
constexpr int kMaxTakes = 12;

template <class T, class Read>
std::optional<T> read_optional(const fs::path& path, const Read& read) {
    if (!fs::exists(path)) return std::nullopt;
    try {
        return read(base::read_json_file(path).value());
    } catch (base::Error& error) {
        if (error.path.empty()) error.path = path.string();
        throw;
    }
}

void read_takes(const std::string& model, ReportData& data) {
    for (int number = 1; number <= kMaxTakes; ++number) {
        const fs::path stem = data.folder / model / fmt::format("take-{}", number);
        TakeFile take{.model = model, .number = number, .info = Json::object()};
        take.midi = fs::path(stem).concat(".mid");
        take.wav = fs::path(stem).concat(".wav");
        if (!fs::exists(take.midi)) return;
        auto file = io::read_score_file(take.midi);
        if (!file.ok()) {
            data.unreadable.push_back(file.error().format());
            continue;
        }
        take.score = std::move(file.value().score);
        score::assign_roles(take.score);
        const fs::path info = fs::path(stem).concat(".json");
        if (fs::exists(info)) take.info = base::read_json_file(info).value();
        data.takes.push_back(std::move(take));
    }
}

void read_held_out(ReportData& data) {
    const corpus::Dataset& dataset = *data.dataset;
    std::vector<int> pieces = dataset.pieces_of(corpus::Split::kTest);
    data.held_out_split = "test";
    if (pieces.empty()) {
        pieces = dataset.pieces_of(corpus::Split::kValid);
        data.held_out_split = "valid";
    }
    const int grid = dataset.tokenizer_json().value("steps_per_quarter", 24);
    for (const int index : pieces) {
        if (data.held_out.size() == kMaxHeldOut) break;
        const corpus::PieceInfo& piece = dataset.pieces()[static_cast<std::size_t>(index)];
        auto file = io::read_score_file(piece.path);
        if (!file.ok()) {
            data.unreadable.push_back(file.error().format());
            continue;
        }
        HeldOutPiece held{piece.id, score::quantised(file.value().score, grid)};
        score::assign_roles(held.score);
        data.held_out.push_back(std::move(held));
    }
}

// The compared models first, in the evaluation's order; then other runs, by name.
std::vector<std::string> run_names(const ReportData& data, const std::set<std::string>& apart) {
    std::vector<std::string> names;
    if (data.evaluation)
        for (const auto& model : data.evaluation->models) names.push_back(model.name);
    const fs::path models = data.folder / "models";
    if (!data.evaluation && fs::is_directory(models)) {
        for (const auto& entry : fs::directory_iterator(models))
            if (entry.is_directory() && !apart.contains(entry.path().filename().string()))
                names.push_back(entry.path().filename().string());
        std::sort(names.begin(), names.end());
    }
    return names;
}

}  // namespace

double unigram_loss(const corpus::Dataset& dataset) {
    std::vector<double> counts(static_cast<std::size_t>(dataset.vocabulary_size()), 1.0);
    double total = static_cast<double>(counts.size());
    for (const auto& sequence : dataset.sequences(corpus::Split::kTrain))
        for (const std::uint16_t id : dataset.ids(corpus::Split::kTrain, sequence)) {
            counts[id] += 1;
            total += 1;
        }
    double nats = 0, tokens = 0;
    for (const auto& sequence : dataset.sequences(corpus::Split::kValid))
        for (const std::uint16_t id : dataset.ids(corpus::Split::kValid, sequence)) {
            nats -= std::log(counts[id] / total);
            tokens += 1;
        }
    return tokens > 0 ? nats / tokens : std::nan("");
}

std::string ReportData::best_model() const {
    if (!evaluation || evaluation->models.empty()) return {};
    std::size_t best = 0;
    for (std::size_t m = 1; m < evaluation->bits_per_note.size(); ++m)
        if (evaluation->bits_per_note[m].mean < evaluation->bits_per_note[best].mean) best = m;
    return evaluation->models[best].name;
}

std::vector<std::string> ReportData::composing_models() const {
    std::vector<std::string> names;
    for (const TakeFile& take : takes)
        if (std::find(names.begin(), names.end(), take.model) == names.end())
            names.push_back(take.model);
    if (!evaluation) return names;
    const auto bits = [&](const std::string& name) {
        for (std::size_t m = 0; m < evaluation->models.size(); ++m)
            if (evaluation->models[m].name == name) return evaluation->bits_per_note[m].mean;
        return HUGE_VAL;
    };
    std::stable_sort(names.begin(), names.end(),
                     [&](const std::string& a, const std::string& b) { return bits(a) < bits(b); });
    return names;
}

const TakeFile* ReportData::first_take(const std::string& model) const {
    for (const TakeFile& take : takes)
        if (take.model == model) return &take;
    return nullptr;
}

bool ReportData::is_bach() const {
    if (corpus) {
        std::int64_t by_bach = 0;
        for (const corpus::PieceSummary& piece : corpus->summaries)
            by_bach += base::contains_ignoring_case(piece.composer, "Bach");
        if (by_bach * 10 > corpus->pieces * 8) return true;
        return base::contains_ignoring_case(corpus->root, "bach") ||
               base::contains_ignoring_case(corpus->root, "jsb");
    }
    return false;
}

ReportData read_report_data(const fs::path& folder) {
    if (!fs::is_directory(folder))
        throw base::Error(base::ErrorKind::kInput, "no such folder, expected the output of learn",
                          folder.string());
    ReportData data;
    data.folder = folder;
    data.corpus =
        read_optional<corpus::CorpusReport>(folder / "explore.json", [&](const Json& json) {
            return corpus::report_from_json(json, (folder / "explore.json").string());
        });
    data.evaluation = read_optional<evaluate::Evaluation>(folder / "evaluation.json",
                                                          evaluate::evaluation_from_json);
    data.pretraining = read_optional<evaluate::Evaluation>(folder / "pretraining.json",
                                                           evaluate::evaluation_from_json);
    data.base =
        read_optional<evaluate::Evaluation>(folder / "base.json", evaluate::evaluation_from_json);
    data.generated = read_optional<evaluate::GeneratedReport>(folder / "generated.json",
                                                              evaluate::generated_report_from_json);
    if (fs::exists(folder / "data" / "dataset.json")) {
        data.dataset = corpus::Dataset::open(folder / "data");
        data.unigram_loss = unigram_loss(*data.dataset);
        read_held_out(data);
    }
    std::set<std::string> apart;
    const auto read_arms = [&](const std::optional<evaluate::Evaluation>& experiment,
                               std::vector<RunLog>& runs) {
        if (!experiment) return;
        for (const auto& model : experiment->models) {
            apart.insert(model.name);
            if (fs::is_directory(folder / "models" / model.name))
                runs.push_back(read_run(folder / "models" / model.name));
        }
    };
    read_arms(data.pretraining, data.pretraining_runs);
    read_arms(data.base, data.base_runs);
    for (const std::string& name : run_names(data, apart)) {
        if (fs::is_directory(folder / "models" / name))
            data.runs.push_back(read_run(folder / "models" / name));
        read_takes(name, data);
    }
    if (!data.corpus && !data.dataset && data.runs.empty() && !data.evaluation)
        throw base::Error(base::ErrorKind::kInput,
                          "nothing to report, expected explore.json, data/, models/ or "
                          "evaluation.json",
                          folder.string(), "symphony learn DIR makes such a folder");
    return data;
}

}  // namespace symphony::view
