#include "symphony/cli/train_command.h"

#include "symphony/base/error.h"
#include "symphony/base/temporary_folder.h"
#include "symphony/cli/train_sample.h"
#include "symphony/corpus/index_place.h"
#include "symphony/corpus/prepare.h"
#include "symphony/training/dry_run.h"
#include "symphony/training/given_source.h"
#include "symphony/training/loop.h"
#include "symphony/training/ngram_run.h"
#include "symphony/training/rnn_trainee.h"
#include "symphony/training/training_data.h"
#include "symphony/training/variant_source.h"

#include <fmt/format.h>

#include <optional>

namespace symphony::cli {
namespace fs = std::filesystem;
namespace {

using training::TrainOptions;
using training::TrainReport;

// The data set itself, or the one made from a folder of music: beside the run folder, where it is
// used again as long as music and settings are the same, or in `scratch` for a mere look.
fs::path data_set_of(const TrainRequest& request, const fs::path& scratch, const Context& context) {
    if (fs::exists(fs::path(request.data) / "dataset.json")) return request.data;
    corpus::PrepareOptions options;
    if (!request.from.empty())
        options.tokenizer_file = (fs::path(request.from) / "tokenizer.json").string();
    const auto seed = static_cast<std::uint64_t>(request.options.seed);
    fs::path prepared = fs::path(request.output).lexically_normal();
    if (!prepared.has_filename()) prepared = prepared.parent_path();
    prepared += ".data";
    if (corpus::is_prepared(prepared, request.data, options, seed)) {
        context.progress->note(fmt::format("learning from {}, prepared earlier from {}",
                                           prepared.string(), request.data));
        return prepared;
    }
    if (request.options.dry_run) prepared = scratch / "data";
    context.progress->note(
        fmt::format("{} is no data set: preparing it{}", request.data,
                    request.options.dry_run ? std::string() : " as " + prepared.string()));
    corpus::prepare(request.data, prepared, options, seed, request.options.threads,
                    *context.progress,
                    corpus::IndexOptions().place(request.data, *context.progress));
    return prepared;
}

// Ids mean the same music to the model and to the data only if their tokenizers are the same.
void check_tokenizer(const TrainRequest& request, const training::TrainingData& data) {
    const fs::path path = fs::path(request.from) / "tokenizer.json";
    auto tokenizer = base::read_json_file(path);
    if (!tokenizer.ok())
        throw base::Error(base::ErrorKind::kModel, tokenizer.error().message, path);
    if (tokenizer.value() != data.tokenizer_json)
        throw base::Error(base::ErrorKind::kModel,
                          fmt::format("its tokenizer is not that of {}", request.data), path,
                          fmt::format("prepare the music with it: symphony prepare MUSIC -o DATA "
                                      "--tokenizer {}",
                                      path.string()));
}

std::unique_ptr<training::Trainee> make_trainee(const TrainRequest& request,
                                                const TraineeFactory& torch_factory,
                                                const training::TrainingData& data) {
    std::unique_ptr<training::Trainee> trainee;
    if (request.options.model == "rnn")
        trainee = std::make_unique<training::RnnTrainee>(request.options, data.vocabulary_size,
                                                         data.end_token);
    else
        trainee = torch_factory(request.options, data.vocabulary_size, data.end_token);
    if (!request.from.empty()) trainee->load_weights(request.from);
    return trainee;
}

std::string to_text(const TrainReport& report, const std::string& folder) {
    std::string text;
    if (report.was_finished)
        text += fmt::format("this run was finished before; nothing to do (--force trains anew)\n");
    text += fmt::format("{}: {} parameters, {} steps, {:.1f} epochs, {:.1f} min ({})\n",
                        report.model, report.parameters, report.steps, report.epochs,
                        report.minutes, report.stop_reason);
    text += fmt::format("held out: {:.3f} nats per token, {:.1f} % right", report.best_valid.loss,
                        100 * report.best_valid.accuracy);
    if (report.test.tokens > 0)
        text += fmt::format("; test: {:.3f} nats, {:.1f} %", report.test.loss,
                            100 * report.test.accuracy);
    text += fmt::format("\nmodel: {}\n", (fs::path(folder) / "model").string());
    for (const std::string& warning : report.warnings) text += "warning: " + warning + "\n";
    return text;
}

void tell(const TrainReport& report, const TrainRequest& request, const Context& context) {
    if (!context.json) return context.print(to_text(report, request.output));
    base::Json json = report.to_json();
    json["was_finished"] = report.was_finished;
    json["run"] = request.output;
    context.print_json(json);
}

}  // namespace

int run_train_command(TrainRequest request, const TraineeFactory& torch_factory,
                      const Context& context) {
    training::fill_defaults(request.options);
    const base::TemporaryFolder scratch;
    const corpus::Dataset dataset =
        corpus::Dataset::open(data_set_of(request, scratch.path(), context));
    const bool is_ngram = request.options.model == "ngram";
    training::TrainingData data =
        training::training_data(dataset, request.options.transpose,
                                request.options.vary_tempo && !is_ngram);  // counts music as it is
    if (!request.from.empty()) check_tokenizer(request, data);
    std::optional<training::VariantSource> variants;
    if (request.options.variants.any()) {
        context.progress->begin("reading the music that is varied", 0);
        variants.emplace(dataset, request.options.variants,
                         static_cast<std::uint64_t>(request.options.seed), request.options.threads);
        data.variant = [&](std::uint64_t epoch, std::size_t piece) {
            return variants->ids(epoch, piece);
        };
        context.progress->end();
    }
    std::optional<training::GivenSource> given;
    if (!is_ngram && request.options.given_share > 0 &&
        training::can_be_given(data.tokenizer_json)) {
        const auto seed = static_cast<std::uint64_t>(request.options.seed);
        given.emplace(data.tokenizer_json,
                      data.variant ? data.variant : training::stored_versions(data, seed),
                      request.options.given_share, seed);
        data.variant = [&](std::uint64_t epoch, std::size_t piece) {
            return given->ids(epoch, piece);
        };
    }
    if (request.options.dry_run) {
        if (is_ngram)
            throw base::Error(base::ErrorKind::kUsage,
                              "--dry-run times training steps, an n-gram has none", {},
                              "it is counted in seconds: leave --dry-run out");
        const auto trainee = make_trainee(request, torch_factory, data);
        const auto cost = training::dry_run(*trainee, data, request.options, request.output);
        if (context.json)
            context.print_json(cost.to_json());
        else
            context.print(cost.to_text());
        return 0;
    }
    const training::RunFolder folder(request.output, request.options, data.hash);
    if (folder.replaced())
        context.progress->note(
            fmt::format("{}: the run that was there is replaced by this one", request.output));
    const auto sample = sample_function(dataset, data, folder.samples(), request.options.seed);
    if (is_ngram) {
        tell(training::run_ngram(data, request.options, folder, *context.progress, sample), request,
             context);
        return 0;
    }
    const auto trainee = make_trainee(request, torch_factory, data);
    tell(training::run_training(*trainee, data, request.options, folder, *context.progress, sample),
         request, context);
    return 0;
}

}  // namespace symphony::cli
