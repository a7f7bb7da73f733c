#include "symphony/cli/bench_quality.h"

#include "symphony/base/error.h"
#include "symphony/bench/quality/row_run.h"
#include "symphony/bench/quality/self_test.h"
#include "symphony/training/rnn_trainee.h"

#include <fmt/format.h>

#include <filesystem>

namespace symphony::cli {
namespace {

namespace fs = std::filesystem;
using bench::QualityRow;
using training::TrainOptions;

// The checks come first: figures of an evaluator that counts otherwise are worth nothing.
base::Json check(const bench::PublishedSets& sets, const Context& context) {
    base::Json json = base::Json::array();
    std::string wrong;
    for (const bench::EvaluatorCheck& check : bench::check_evaluator(sets)) {
        json.push_back(check.to_json());
        if (!context.json) context.print(check.to_text());
        if (!check.holds()) wrong += (wrong.empty() ? "" : "; ") + check.what;
    }
    if (!wrong.empty())
        throw base::Error(base::ErrorKind::kInput, "the evaluator does not reproduce " + wrong, {},
                          "are these the published sets with the papers' split?");
    return json;
}

TrainOptions settings_of(const QualityRow& row, const QualityRequest& request,
                         const Context& context) {
    TrainOptions options;
    base::OptionTable table;
    options.describe(table);
    table.from_toml_file(fs::path(request.settings) / (row.name + ".toml"));
    options.seed = context.seed;
    options.threads = context.threads;
    options.max_minutes = request.minutes_per_row;
    training::fill_defaults(options);
    return options;
}

// What repeats the row, wherever its runs are kept.
std::string command_of(const QualityRow& row, const Context& context) {
    std::string command =
        fmt::format("symphony bench quality --rows {} --seed {}", row.name, context.seed);
    const base::Json values = context.options->to_json();
    for (const char* name : {"sets", "settings", "minutes-per-row"})
        if (context.options->given(name))
            command += fmt::format(
                " --{} {}", name,
                values[name].is_string() ? values[name].get<std::string>() : values[name].dump());
    if (context.options->given("valid-only")) command += " --valid-only";
    return command;
}

std::unique_ptr<training::Trainee> make_trainee(const TrainOptions& options,
                                                const bench::TrainingSet& set,
                                                const TraineeFactory& tokens,
                                                const FrameTraineeFactory& frames) {
    if (options.model == "rnn")
        return set.frames ? std::make_unique<training::RnnTrainee>(options, set.frames)
                          : std::make_unique<training::RnnTrainee>(
                                options, set.data.vocabulary_size, set.data.end_token);
    if (set.frames) return frames ? frames(options, set.frames) : nullptr;
    return tokens ? tokens(options, set.data.vocabulary_size, set.data.end_token) : nullptr;
}

}  // namespace

int run_bench_quality(const QualityRequest& request, const TraineeFactory& tokens,
                      const FrameTraineeFactory& frames, const Context& context) {
    const auto rows = bench::chosen_rows(request.rows);
    const bench::PublishedSets sets = bench::read_published_sets(request.sets);
    base::Json json{{"evaluator", check(sets, context)}, {"rows", base::Json::array()}};
    for (const QualityRow& row : rows) {
        if (request.self_test_only) break;
        const TrainOptions options = settings_of(row, request, context);
        const auto set = bench::training_set_of(row, sets, options);
        const auto trainee = make_trainee(options, *set, tokens, frames);
        if (!trainee) {
            context.progress->note(row.name +
                                   ": needs symphony-train, which this build is without");
            continue;
        }
        context.progress->note(
            fmt::format("{}: {} parameters", row.name, trainee->parameter_count()));
        bench::RowResult result = bench::run_quality_row(row, *trainee, *set, options,
                                                         fs::path(request.output) / row.name,
                                                         !request.valid_only, *context.progress);
        result.command = command_of(row, context);
        json["rows"].push_back(result.to_json());
        if (!context.json) context.print(result.to_text());
    }
    if (context.json) context.print_json(json);
    return 0;
}

}  // namespace symphony::cli
