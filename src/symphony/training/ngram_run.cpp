#include "symphony/training/ngram_run.h"

#include "symphony/base/stop_signal.h"
#include "symphony/models/ngram/ngram_fit.h"
#include "symphony/training/collapse_watch.h"
#include "symphony/training/metrics_log.h"
#include "symphony/training/token_score.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>

namespace symphony::training {
namespace {

using base::Json;
using models::ngram::NgramFit;
using models::ngram::NgramModel;
using models::ngram::TokenRun;

std::vector<TokenRun> all_versions(const TrainingData& data) {
    std::vector<TokenRun> runs;
    for (const TrainingPiece& piece : data.train)
        runs.insert(runs.end(), piece.versions.begin(), piece.versions.end());
    return runs;
}

Json evaluation_line(const char* split, const SplitResult& result, double seconds) {
    return {{"event", "evaluation"},
            {"step", 1},
            {"seconds", seconds},
            {"split", split},
            {"epoch", 1.0},
            {"loss", result.loss},
            {"accuracy", result.accuracy},
            {"tokens", result.tokens}};
}

}  // namespace

SplitResult score_sequences(models::LanguageModel& model,
                            const std::vector<std::vector<int>>& sequences) {
    TokenScore score;
    for (const auto& ids : sequences) {
        base::throw_if_stop_requested();
        model.for_each_logits(ids, [&](std::size_t t, std::span<const float> logits_V) {
            score.add(logits_V, ids[t]);
        });
    }
    return score.result();
}

TrainReport run_ngram(const TrainingData& data, const TrainOptions& options,
                      const RunFolder& folder, base::Progress& progress,
                      const SampleFunction& sample) {
    if (const auto done = earlier_report(folder)) return *done;
    const auto start = std::chrono::steady_clock::now();
    const auto seconds = [&] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    std::vector<std::vector<std::uint16_t>> valid;
    for (const auto& ids : data.valid) valid.emplace_back(ids.begin(), ids.end());
    const std::vector<TokenRun> valid_runs(valid.begin(), valid.end());
    const std::vector<TokenRun> train = all_versions(data);
    NgramFit fit = models::ngram::fit_ngram(train, valid_runs, data.vocabulary_size, data.end_token,
                                            {.order = options.order}, progress);
    const auto tables = std::make_shared<const models::ngram::NgramTables>(std::move(fit.tables));
    NgramModel model(tables);

    TrainReport report;
    report.model = options.model;
    report.parameters = model.parameter_count();
    report.steps = report.best_step = 1;
    report.epochs = 1;
    for (const TokenRun& run : train) report.tokens += static_cast<std::int64_t>(run.size());
    report.stop_reason = fmt::format("order {}", tables->order());
    report.best_valid = score_sequences(model, data.valid);
    if (!data.test.empty()) report.test = score_sequences(model, data.test);
    const auto train_pieces = train_subset(data, options.seed);
    const SplitResult train_result = score_sequences(model, train_pieces);

    MetricsLog log(folder.path(), {});
    log.write({{"event", "start"},
               {"step", 0},
               {"seconds", 0.0},
               {"parameters", report.parameters},
               {"vocabulary_size", data.vocabulary_size},
               {"uniform_loss", std::log(data.vocabulary_size)}});
    for (std::size_t order = 1; order <= fit.loss_by_order.size(); ++order)
        log.write({{"event", "order"},
                   {"step", order},
                   {"seconds", seconds()},
                   {"valid_loss", fit.loss_by_order[order - 1]}});
    log.write(evaluation_line("train", train_result, seconds()));
    log.write(evaluation_line("valid", report.best_valid, seconds()));
    if (sample) {
        const auto ids = sample(std::make_unique<NgramModel>(tables), 1);
        if (!ids.empty()) {
            Json line{{"event", "sample"}, {"step", 1}, {"seconds", seconds()}};
            report.warnings = watch_sample(ids, data, train_pieces, line);
            log.write(line);
        }
    }
    report.minutes = seconds() / 60;
    const Json metrics{{"order", tables->order()},
                       {"valid_loss", report.best_valid.loss},
                       {"valid_accuracy", report.best_valid.accuracy},
                       {"test_loss", report.test.loss},
                       {"test_accuracy", report.test.accuracy}};
    folder.replace_model(
        [&](const std::filesystem::path& path) { models::ngram::save_ngram(*tables, path); },
        data.tokenizer_json, provenance(options, data, metrics));
    base::write_json_file(folder.path() / "result.json", report.to_json());
    progress.note(fmt::format(
        "n-gram of order {}, {} counts: held out {:.3f} nats ({:.1f} %), {:.1f} s", tables->order(),
        report.parameters, report.best_valid.loss, 100 * report.best_valid.accuracy, seconds()));
    return report;
}

}  // namespace symphony::training
