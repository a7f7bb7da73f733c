#include "symphony/training/loop.h"

#include "symphony/base/error.h"
#include "symphony/base/stop_signal.h"
#include "symphony/training/batches.h"
#include "symphony/training/checkpoint.h"
#include "symphony/training/collapse_watch.h"
#include "symphony/training/loop_state.h"
#include "symphony/training/metrics_log.h"
#include "symphony/training/schedule.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <optional>

namespace symphony::training {
namespace fs = std::filesystem;
namespace {

using Clock = std::chrono::steady_clock;
using base::Json;

constexpr std::size_t kSequencesAtOnce = 32;  // between two looks at the stop signal
constexpr std::int64_t kStepLines = 2'000;    // in metrics.jsonl of one run, about
constexpr int kGradientFlowDistance = 64;     // steps back in time
constexpr double kSecondsBetweenSaves = 120;
constexpr const char* kOutOfTime = "max-minutes";  // why a run stopped

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

class TrainingRun {
  public:
    TrainingRun(Trainee& trainee, const TrainingData& data, const TrainOptions& options,
                const RunFolder& folder, base::Progress& progress, const SampleFunction& sample)
        : trainee_(trainee),
          data_(data),
          options_(options),
          folder_(folder),
          progress_(progress),
          sample_(sample),
          stream_(data, options.seed, options.batch_size, options.sequence_length,
                  options.vary_tempo),
          schedule_{options.learning_rate, options.min_learning_rate_share, options.warmup_steps,
                    options.max_steps},
          batches_(static_cast<std::size_t>(options.accumulate)),
          interval_(evaluation_interval(options, stream_.tokens_per_epoch())),
          train_subset_(train_subset(data, options.seed)),
          valid_(valid_subset(data)) {}

    TrainReport run();

  private:
    void resume();
    void start_log();
    bool due_for_evaluation() const;
    void evaluate();
    SplitResult evaluate_split(const std::vector<std::vector<int>>& sequences);
    void watch_for_collapse();
    void train_one_step();
    double learning_rate(std::int64_t step) const;
    void write_step_line();
    std::string reason_to_stop() const;
    void finish();
    void save(const fs::path& checkpoint);
    void write_model();
    void write_gradient_flow();
    [[noreturn]] void stop_on_request();
    TrainReport report() const;
    Json line(const char* event) const;

    Trainee& trainee_;
    const TrainingData& data_;
    const TrainOptions& options_;
    const RunFolder& folder_;
    base::Progress& progress_;
    const SampleFunction& sample_;
    BatchStream stream_;
    Schedule schedule_;
    std::vector<Batch> batches_;  // of one step
    std::int64_t interval_;
    std::vector<std::vector<int>> train_subset_, valid_;
    LoopState state_;
    std::unique_ptr<MetricsLog> log_;
    std::vector<std::string> warnings_;
    SplitResult test_;
    bool holds_best_ = false;  // the trainee has the best weights, the newest are saved
    Clock::time_point started_ = Clock::now();
    double seconds_before_ = 0;  // of earlier runs
    Clock::time_point saved_ = Clock::now();
};

TrainReport TrainingRun::run() {
    if (const auto done = earlier_report(folder_)) {
        // Only the clock ended it: with more time it goes on from its last checkpoint.
        const bool has_time_now = options_.max_minutes == 0 || options_.max_minutes > done->minutes;
        if (done->stop_reason != kOutOfTime || !has_time_now) return *done;
        fs::remove(folder_.path() / "result.json");
    }
    resume();
    start_log();
    progress_.begin("train " + options_.model, options_.max_steps);
    progress_.update(state_.step);
    while (true) {
        if (due_for_evaluation()) evaluate();
        if (state_.stop_reason = reason_to_stop(); !state_.stop_reason.empty()) break;
        if (base::stop_requested()) stop_on_request();
        train_one_step();
        if (seconds_since(saved_) > kSecondsBetweenSaves) save(folder_.last_checkpoint());
    }
    finish();
    progress_.end();
    return report();
}

void TrainingRun::resume() {
    const auto checkpoint = find_checkpoint(folder_.last_checkpoint());
    if (!checkpoint) return;
    if (!checkpoint->damage.empty())
        progress_.note("warning: the newest checkpoint is damaged, going on from the one before: " +
                       checkpoint->damage);
    try {
        state_ = LoopState::from_json(checkpoint->state);
    } catch (const nlohmann::json::exception& e) {
        throw base::Error(base::ErrorKind::kModel, e.what(), checkpoint->folder / "manifest.json",
                          "train again with --force");
    }
    seconds_before_ = state_.seconds;
    trainee_.load_state(checkpoint->folder);
    stream_.seek(state_.step * options_.accumulate);
    progress_.note(fmt::format("going on from step {} of {}", state_.step, options_.max_steps));
}

void TrainingRun::start_log() {
    const bool fresh = state_.log.events_file.empty();
    log_ = std::make_unique<MetricsLog>(folder_.path(), state_.log);
    if (!fresh) return;
    Json start = line("start");
    start["parameters"] = trainee_.parameter_count();
    if (trainee_.trains_adapter()) start["trained_parameters"] = trainee_.trained_parameter_count();
    start["vocabulary_size"] = data_.vocabulary_size;
    start["uniform_loss"] = std::log(data_.vocabulary_size);
    start["tokens_per_epoch"] = stream_.tokens_per_epoch();
    log_->write(start);
}

bool TrainingRun::due_for_evaluation() const {
    if (state_.evaluated_step >= state_.step) return false;
    return state_.step % interval_ == 0 || state_.step >= options_.max_steps;
}

SplitResult TrainingRun::evaluate_split(const std::vector<std::vector<int>>& sequences) {
    SplitResult total;
    double loss = 0, hits = 0;
    for (std::size_t begin = 0; begin < sequences.size(); begin += kSequencesAtOnce) {
        if (base::stop_requested()) stop_on_request();
        const auto first = sequences.begin() + static_cast<std::ptrdiff_t>(begin);
        const auto count = std::min(kSequencesAtOnce, sequences.size() - begin);
        const SplitResult part =
            trainee_.evaluate({first, first + static_cast<std::ptrdiff_t>(count)});
        loss += part.loss * static_cast<double>(part.tokens);
        hits += part.accuracy * static_cast<double>(part.tokens);
        total.tokens += part.tokens;
    }
    const double tokens = static_cast<double>(std::max<std::int64_t>(1, total.tokens));
    total.loss = loss / tokens;
    total.accuracy = hits / tokens;
    if (!std::isfinite(total.loss))
        throw base::Error(
            base::ErrorKind::kDiverged,
            fmt::format("the loss of an evaluation at step {} is {}", state_.step, total.loss),
            folder_.path(), "a lower --learning-rate usually helps");
    return total;
}

void TrainingRun::evaluate() {
    const SplitResult train = evaluate_split(train_subset_);
    const SplitResult valid = evaluate_split(valid_);
    if (state_.sums.steps > 0) write_step_line();
    for (const auto& [split, result] : {std::pair{"train", train}, std::pair{"valid", valid}}) {
        Json entry = line("evaluation");
        entry["split"] = split;
        entry["epoch"] = stream_.epoch();
        entry["loss"] = result.loss;
        entry["accuracy"] = result.accuracy;
        entry["tokens"] = result.tokens;
        log_->write(entry);
    }
    progress_.note(fmt::format(
        "step {}, epoch {:.1f}: train {:.3f} nats ({:.1f} %), held out {:.3f} nats ({:.1f} %)",
        state_.step, stream_.epoch(), train.loss, 100 * train.accuracy, valid.loss,
        100 * valid.accuracy));
    if (state_.step > 0) watch_for_collapse();

    state_.evaluated_step = state_.step;
    const bool better = valid.loss < state_.best_valid.loss;
    state_.evaluations_without_gain = better ? 0 : state_.evaluations_without_gain + 1;
    if (const int most = options_.stall_evaluations;
        most > 0 && !better && state_.evaluations_without_gain % most == 0)
        state_.rate_factor *= options_.stall_factor;
    if (better) {
        state_.best_valid = valid;
        state_.best_step = state_.step;
        save(folder_.best_checkpoint());
        write_model();
    }
    save(folder_.last_checkpoint());
}

void TrainingRun::watch_for_collapse() {
    if (!sample_) return;
    std::vector<int> ids;
    try {
        ids = sample_(trainee_.snapshot(), state_.step);
    } catch (const base::Error& error) {
        // Ctrl-C while composing: the evaluation is done again when training goes on.
        if (error.kind == base::ErrorKind::kInterrupted) stop_on_request();
        if (error.kind == base::ErrorKind::kDiverged)
            throw base::Error(
                error.kind,
                fmt::format("training diverged by step {}: {}", state_.step, error.what()),
                folder_.path(), "a lower --learning-rate usually helps");
        // A young model may compose itself into a corner; training it further is the cure.
        if (error.kind != base::ErrorKind::kInternal) throw;
        progress_.note(fmt::format("no sample at step {}: {}", state_.step, error.what()));
        return;
    }
    if (ids.empty()) return;
    Json entry = line("sample");
    warnings_ = watch_sample(ids, data_, train_subset_, entry);
    log_->write(entry);
    for (const std::string& warning : warnings_) progress_.note("warning: " + warning);
}

void TrainingRun::train_one_step() {
    stream_.fill(batches_);
    const StepResult result = trainee_.step(batches_, state_.step, learning_rate(state_.step));
    if (!std::isfinite(result.loss) || !std::isfinite(result.gradient_norm))
        throw base::Error(
            base::ErrorKind::kDiverged,
            fmt::format(
                "training diverged at step {} (batches {} to {}): loss {}, gradient norm {}",
                state_.step, state_.step * options_.accumulate, stream_.position() - 1, result.loss,
                result.gradient_norm),
            folder_.path(),
            "a lower --learning-rate, a longer --warmup-steps or a smaller --clip-norm helps; the "
            "last checkpoint is kept");
    ++state_.step;
    state_.tokens += result.tokens;
    state_.sums.loss += result.loss * static_cast<double>(result.tokens);
    state_.sums.gradient_norm += result.gradient_norm;
    state_.sums.tokens += result.tokens;
    ++state_.sums.steps;
    const std::int64_t every = (options_.max_steps + kStepLines - 1) / kStepLines;
    if (state_.step % every == 0) write_step_line();
    progress_.update(state_.step, fmt::format("loss {:.3f}", result.loss));
}

double TrainingRun::learning_rate(std::int64_t step) const {
    return state_.rate_factor * learning_rate_at(schedule_, step);
}

void TrainingRun::write_step_line() {
    const StepSums& sums = state_.sums;
    Json entry = line("step");
    entry["split"] = "train";
    entry["epoch"] = stream_.epoch();
    entry["loss"] = sums.loss / static_cast<double>(std::max<std::int64_t>(1, sums.tokens));
    entry["gradient_norm"] = sums.gradient_norm / static_cast<double>(sums.steps);
    entry["learning_rate"] = learning_rate(state_.step - 1);
    entry["tokens"] = state_.tokens;
    log_->write(entry);
    state_.sums = {};
}

std::string TrainingRun::reason_to_stop() const {
    if (state_.step >= options_.max_steps) return "max-steps";
    if (options_.patience > 0 && state_.evaluations_without_gain >= options_.patience)
        return "patience";
    if (options_.max_minutes > 0 &&
        seconds_before_ + seconds_since(started_) >= 60 * options_.max_minutes)
        return kOutOfTime;
    return {};
}

void TrainingRun::finish() {
    if (state_.evaluated_step < state_.step) evaluate();
    // Valid has chosen; test is looked at once, with the chosen weights. The newest are saved.
    holds_best_ = true;
    if (state_.best_step != state_.step) {
        const auto best = find_checkpoint(folder_.best_checkpoint());
        if (!best)
            throw base::Error(base::ErrorKind::kModel, "the best checkpoint is missing",
                              folder_.best_checkpoint(), "train again with --force");
        trainee_.load_state(best->folder);
    }
    if (options_.test && !data_.test.empty()) test_ = evaluate_split(data_.test);
    Json end = line("end");
    end["reason"] = state_.stop_reason;
    end["best_step"] = state_.best_step;
    end["best_valid_loss"] = state_.best_valid.loss;
    end["best_valid_accuracy"] = state_.best_valid.accuracy;
    if (test_.tokens > 0) {
        end["test_loss"] = test_.loss;
        end["test_accuracy"] = test_.accuracy;
    }
    log_->write(end);
    write_model();
    write_gradient_flow();
    base::write_json_file(folder_.path() / "result.json", report().to_json());
    progress_.note(fmt::format("finished ({}): best at step {}, held out {:.3f} nats ({:.1f} %)",
                               state_.stop_reason, state_.best_step, state_.best_valid.loss,
                               100 * state_.best_valid.accuracy));
}

void TrainingRun::save(const fs::path& checkpoint) {
    state_.seconds = seconds_before_ + seconds_since(started_);
    state_.log = log_->position();
    write_checkpoint(checkpoint, state_.to_json(),
                     [&](const fs::path& folder) { trainee_.save_state(folder); });
    saved_ = Clock::now();
}

void TrainingRun::write_model() {
    Json metrics = {{"step", state_.best_step},
                    {"valid_loss", state_.best_valid.loss},
                    {"valid_accuracy", state_.best_valid.accuracy}};
    if (test_.tokens > 0) {
        metrics["test_loss"] = test_.loss;
        metrics["test_accuracy"] = test_.accuracy;
    }
    folder_.replace_model([&](const fs::path& folder) { trainee_.save_model(folder); },
                          data_.tokenizer_json, provenance(options_, data_, metrics));
    if (trainee_.trains_adapter())
        folder_.replace_adapter([&](const fs::path& folder, const models::BaseModel& start) {
            trainee_.save_adapter(folder, start);
        });
}

void TrainingRun::write_gradient_flow() {
    const std::vector<double> norms = trainee_.gradient_flow(valid_, kGradientFlowDistance);
    if (norms.empty()) return;
    base::write_json_file(folder_.path() / "gradient-flow.json",
                          {{"model", options_.model}, {"norm_by_distance", norms}});
}

void TrainingRun::stop_on_request() {
    if (!holds_best_) save(folder_.last_checkpoint());
    progress_.end();
    throw base::Error(
        base::ErrorKind::kInterrupted,
        fmt::format("stopped and saved at step {} of {}", state_.step, options_.max_steps),
        folder_.path(), "the same command goes on from there");
}

Json TrainingRun::line(const char* event) const {
    return {{"event", event},
            {"step", state_.step},
            {"seconds", seconds_before_ + seconds_since(started_)}};
}

TrainReport TrainingRun::report() const {
    TrainReport r;
    r.model = options_.model;
    r.parameters = trainee_.parameter_count();
    r.steps = state_.step;
    r.tokens = state_.tokens;
    r.epochs = static_cast<double>(state_.tokens) / static_cast<double>(stream_.tokens_per_epoch());
    r.minutes = (seconds_before_ + seconds_since(started_)) / 60;
    r.best_step = state_.best_step;
    r.best_valid = state_.best_valid;
    r.test = test_;
    r.stop_reason = state_.stop_reason;
    r.warnings = warnings_;
    return r;
}

}  // namespace

std::int64_t evaluation_interval(const TrainOptions& options, std::int64_t tokens_per_epoch) {
    if (options.evaluate_every > 0) return options.evaluate_every;
    const std::int64_t tokens_per_step =
        std::int64_t{options.batch_size} * options.sequence_length * options.accumulate;
    const std::int64_t most = std::max(1, options.max_steps / 10);
    const std::int64_t least = std::max(1, options.max_steps / 40);
    return std::clamp(tokens_per_epoch / tokens_per_step, least, most);
}

std::optional<TrainReport> earlier_report(const RunFolder& folder) {
    const fs::path path = folder.path() / "result.json";
    if (!fs::exists(path)) return std::nullopt;
    try {
        TrainReport done = TrainReport::from_json(base::read_json_file(path).value());
        done.was_finished = true;
        return done;
    } catch (const nlohmann::json::exception& e) {
        throw base::Error(base::ErrorKind::kModel, e.what(), path, "train again with --force");
    }
}

std::vector<std::string> watch_sample(const std::vector<int>& ids, const TrainingData& data,
                                      const std::vector<std::vector<int>>& music, Json& line) {
    const TokenShape shape = measure_shape(ids, data.kinds);
    const ShapeBand band = measure_band(music, ids.size(), data.kinds);
    std::vector<std::string> warnings = collapse_warnings(shape, band);
    line.update(to_json(shape));
    line["data"] = to_json(band);
    line["warnings"] = warnings;
    return warnings;
}

TrainReport run_training(Trainee& trainee, const TrainingData& data, const TrainOptions& options,
                         const RunFolder& folder, base::Progress& progress,
                         const SampleFunction& sample) {
    return TrainingRun(trainee, data, options, folder, progress, sample).run();
}

}  // namespace symphony::training
