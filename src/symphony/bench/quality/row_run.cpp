#include "symphony/bench/quality/row_run.h"

#include "symphony/base/error.h"
#include "symphony/training/checkpoint.h"
#include "symphony/training/loop.h"

namespace symphony::bench {
namespace {

using Sequences = std::vector<std::vector<int>>;

SplitNats measure(training::Trainee& trainee, const Sequences& sequences) {
    const training::SplitResult all = trainee.evaluate(sequences);
    Sequences first;
    for (const auto& ids : sequences)
        if (!ids.empty()) first.push_back({ids.front()});
    // A piece's first frame is predicted from nothing, so alone it costs what it costs in its
    // piece.
    const training::SplitResult firsts = trainee.evaluate(first);
    const double n = static_cast<double>(all.tokens), n_first = static_cast<double>(firsts.tokens);
    return {all.loss, (all.loss * n - firsts.loss * n_first) / (n - n_first)};
}

}  // namespace

std::unique_ptr<TrainingSet> training_set_of(const QualityRow& row, const PublishedSets& sets,
                                             const training::TrainOptions& options) {
    switch (row.set) {
        case QualitySet::kJsbFrames:
            return frame_training_set(sets.jsb_frames, sets.hash, options.transpose);
        case QualitySet::kNottinghamFrames:
            return frame_training_set(sets.nottingham_frames, sets.hash, options.transpose);
        case QualitySet::kChorales16:
            break;
    }
    return chorale_training_set(sets.chorales16, sets.hash, options.transpose);
}

RowResult run_quality_row(const QualityRow& row, training::Trainee& trainee, const TrainingSet& set,
                          const training::TrainOptions& options,
                          const std::filesystem::path& folder, bool look_at_test,
                          base::Progress& progress) {
    const training::RunFolder run(folder, options, set.data.hash);
    // Test is not the loop's: it is looked at here, once the row is finished.
    training::TrainingData data = set.data;
    data.test.clear();
    const training::TrainReport report =
        training::run_training(trainee, data, options, run, progress);
    const auto best = training::find_checkpoint(run.best_checkpoint());
    if (!best)
        throw base::Error(base::ErrorKind::kModel, "the best checkpoint is missing",
                          run.best_checkpoint(), "remove the folder and run the row again");
    trainee.load_state(best->folder);
    RowResult result{.row = row,
                     .model = report.model,
                     .parameters = report.parameters,
                     .steps = report.steps,
                     .seed = options.seed,
                     .epochs = report.epochs,
                     .minutes = report.minutes,
                     .stop_reason = report.stop_reason,
                     .valid = measure(trainee, set.data.valid)};
    if (look_at_test) result.test = measure(trainee, set.data.test);
    return result;
}

}  // namespace symphony::bench
