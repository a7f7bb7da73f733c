#include "symphony/cli/train_command.h"

#include "symphony/base/error.h"
#include "symphony/base/memory.h"
#include "symphony/base/sha256.h"
#include "symphony/base/temporary_folder.h"
#include "symphony/cli/base_model.h"
#include "symphony/cli/train_sample.h"
#include "symphony/corpus/index_place.h"
#include "symphony/corpus/prepare.h"
#include "symphony/training/checkpoint.h"
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

constexpr const char* kOwnModel = "symphony-base";  // the name of the one that comes with Symphony

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

// What tuning starts from; nothing where training starts from random weights.
models::BaseModel start_of(const TrainRequest& request) {
    if (request.from.empty()) return {};
    std::error_code ignored;
    const bool is_ours = fs::equivalent(request.from, base_model(), ignored);
    const fs::path weights = fs::path(request.from) / "model.safetensors";
    if (!fs::exists(weights))
        throw base::Error(base::ErrorKind::kModel, "no weights here: model.safetensors is missing",
                          request.from);
    // A name only: models and adapters are given away, and where they lay is nobody's business.
    fs::path folder = fs::absolute(request.from).lexically_normal();
    if (!folder.has_filename() || folder.filename() == "model") folder = folder.parent_path();
    return {is_ours ? std::string(kOwnModel) : folder.filename().string(),
            base::sha256_hex_of_file(weights)};
}

// What training will need, the program itself included. A trainee of its own is timed, since that
// is left trained.
training::DryRun cost_of(const TrainRequest& request, const TraineeFactory& torch_factory,
                         const training::TrainingData& data, std::int64_t steps_done,
                         const Context& context) {
    context.progress->begin("timing a few steps", 0);
    const std::int64_t program = base::peak_memory_bytes();
    const auto trainee = make_trainee(request, torch_factory, data);
    auto cost = training::dry_run(*trainee, data, request.options, request.output, steps_done);
    cost.memory_bytes += program;
    context.progress->end();
    return cost;
}

// The same, said before the run starts or goes on; nothing if it is finished.
std::optional<training::DryRun> state_cost(const TrainRequest& request,
                                           const TraineeFactory& torch_factory,
                                           const training::TrainingData& data,
                                           const training::RunFolder& folder,
                                           const Context& context) {
    if (training::earlier_report(folder)) return std::nullopt;
    std::int64_t steps_done = 0;
    if (const auto checkpoint = training::find_checkpoint(folder.last_checkpoint()))
        steps_done = checkpoint->state.value("step", std::int64_t{0});
    const auto cost = cost_of(request, torch_factory, data, steps_done, context);
    context.progress->note(cost.to_line(request.options));
    return cost;
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
    if (fs::exists(fs::path(folder) / "adapter"))
        text += fmt::format("adapter: {}\n", (fs::path(folder) / "adapter").string());
    for (const std::string& warning : report.warnings) text += "warning: " + warning + "\n";
    return text;
}

void tell(const TrainReport& report, const std::optional<training::DryRun>& stated,
          const TrainRequest& request, const Context& context) {
    if (!context.json) {
        std::string text = to_text(report, request.output);
        if (stated)
            text += fmt::format("memory: {:.0f} MB at most; stated before: {:.0f} MB, {:.1f} min\n",
                                static_cast<double>(base::peak_memory_bytes()) / 1e6,
                                static_cast<double>(stated->memory_bytes) / 1e6, stated->minutes);
        return context.print(text);
    }
    base::Json json = report.to_json();
    if (stated) {
        json["stated"] = stated->to_json();
        json["peak_memory_bytes"] = base::peak_memory_bytes();
    }
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
        const auto cost = cost_of(request, torch_factory, data, 0, context);
        if (context.json)
            context.print_json(cost.to_json());
        else
            context.print(cost.to_text());
        return 0;
    }
    const training::RunFolder folder(request.output, request.options, data.hash, start_of(request));
    if (folder.replaced())
        context.progress->note(
            fmt::format("{}: the run that was there is replaced by this one", request.output));
    const auto sample = sample_function(dataset, data, folder.samples(), request.options.seed);
    if (is_ngram) {
        tell(training::run_ngram(data, request.options, folder, *context.progress, sample),
             std::nullopt, request, context);
        return 0;
    }
    const auto stated = state_cost(request, torch_factory, data, folder, context);
    const auto trainee = make_trainee(request, torch_factory, data);
    tell(training::run_training(*trainee, data, request.options, folder, *context.progress, sample),
         stated, request, context);
    return 0;
}

}  // namespace symphony::cli
