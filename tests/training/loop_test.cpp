#include "symphony/training/loop.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/stop_signal.h"
#include "symphony/training/dry_run.h"

#include "temporary_folder.h"
#include "toy_data.h"
#include "unigram_trainee.h"
#include <gtest/gtest.h>

#include <cmath>
#include <csignal>
#include <limits>
#include <sstream>

namespace symphony::training {
namespace {

using base::Error;
using base::ErrorKind;

struct LoopTest : testing::Test {
    ToyData toy;
    symphony::test_support::TemporaryFolder root;
    TrainOptions options;

    LoopTest() {
        options.model = "rnn";
        options.batch_size = 4;
        options.sequence_length = 8;
        options.max_steps = 60;
        options.evaluate_every = 10;
        options.patience = 0;
        fill_defaults(options);
    }
    TrainReport run(UnigramTrainee& trainee, const char* name = "run",
                    const SampleFunction& sample = {}) {
        const RunFolder folder(root.path / name, options, toy.data.hash);
        return run_training(trainee, toy.data, options, folder, base::silent_progress(), sample);
    }
    // The diary without what a clock put in.
    std::vector<base::Json> diary(const char* name = "run") {
        std::vector<base::Json> lines;
        std::istringstream text(base::read_file(root.path / name / "metrics.jsonl").value());
        for (std::string line; std::getline(text, line);) {
            lines.push_back(base::parse_json(line).value());
            lines.back().erase("seconds");
        }
        return lines;
    }
};

TEST_F(LoopTest, LossFallsAndEverythingIsWritten) {
    UnigramTrainee trainee(13);
    const TrainReport report = run(trainee);
    EXPECT_EQ(report.steps, 60);
    EXPECT_EQ(report.tokens, 60 * 4 * 8);
    EXPECT_EQ(report.stop_reason, "max-steps");
    EXPECT_GT(report.test.tokens, 0);
    const auto lines = diary();
    EXPECT_NEAR(lines[0].at("uniform_loss").get<double>(), std::log(13), 1e-12);
    EXPECT_NEAR(lines[1].at("loss").get<double>(), std::log(13), 1e-9);  // evaluated before step 1
    EXPECT_LT(report.best_valid.loss, std::log(13));
    EXPECT_EQ(lines.back().at("event"), "end");
    for (const char* name :
         {"run.toml", "result.json", "model/config.json", "model/tokenizer.json",
          "model/symphony.json", "checkpoint/last/manifest.json", "checkpoint/best/manifest.json"})
        EXPECT_TRUE(std::filesystem::exists(root.path / "run" / name)) << name;
}

TEST_F(LoopTest, AccumulationSeesTheSameBatchesInFewerSteps) {
    UnigramTrainee one(13), two(13);
    options.max_steps = 10;
    run(one, "one");
    options.max_steps = 5;
    options.accumulate = 2;
    run(two, "two");
    EXPECT_EQ(one.seen_inputs, two.seen_inputs);
}

TEST_F(LoopTest, PatienceStopsAndTheBestIsKept) {
    // A rate so high that plain descent overshoots: the valid loss soon rises.
    options.learning_rate = 3;
    options.patience = 2;
    UnigramTrainee trainee(13);
    const TrainReport report = run(trainee);
    EXPECT_EQ(report.stop_reason, "patience");
    EXPECT_LT(report.steps, 60);
    EXPECT_LT(report.best_step, report.steps);
    EXPECT_NEAR(trainee.evaluate(toy.data.valid).loss, report.best_valid.loss, 1e-12);
}

TEST_F(LoopTest, TheRateFallsWhereValidStallsAndARunGoesOnWithIt) {
    options.learning_rate = 3;  // overshoots, as above
    options.min_learning_rate_share = 1;
    options.warmup_steps = 0;
    options.evaluate_every = 5;
    options.stall_evaluations = 2;
    options.stall_factor = 0.5;
    UnigramTrainee straight(13);
    run(straight, "straight");
    double best = std::numeric_limits<double>::infinity(), rate = 3;
    int without_gain = 0, drops = 0;
    for (const base::Json& line : diary("straight")) {
        if (line.at("event") == "step") {
            EXPECT_DOUBLE_EQ(line.at("learning_rate").get<double>(), rate) << line.dump();
        }
        if (line.at("event") != "evaluation" || line.at("split") != "valid") continue;
        const double loss = line.at("loss").get<double>();
        without_gain = loss < best ? 0 : without_gain + 1;
        best = std::min(best, loss);
        if (without_gain == 0 || without_gain % 2 != 0) continue;
        rate *= 0.5;
        ++drops;
    }
    EXPECT_GE(drops, 2);
    // Broken off after the rate has fallen, it goes on with the fallen one.
    UnigramTrainee first(13), second(13);
    first.diverge_at = 43;
    EXPECT_THROW(run(first), Error);
    run(second);
    EXPECT_EQ(second.logits, straight.logits);
    EXPECT_EQ(diary(), diary("straight"));
}

TEST_F(LoopTest, AFinishedRunIsNotRunAgain) {
    UnigramTrainee trainee(13), again(13);
    const TrainReport first = run(trainee);
    const TrainReport second = run(again);
    EXPECT_TRUE(second.was_finished);
    EXPECT_EQ(second.best_valid.loss, first.best_valid.loss);
    EXPECT_TRUE(again.seen_inputs.empty());
}

TEST_F(LoopTest, ARunThatTheClockEndedGoesOnWithMoreTime) {
    UnigramTrainee straight(13);
    run(straight, "straight");
    options.max_minutes = 1e-9;
    UnigramTrainee first(13), same(13), second(13);
    const TrainReport cut = run(first);
    EXPECT_EQ(cut.stop_reason, "max-minutes");
    EXPECT_LT(cut.steps, 60);
    EXPECT_TRUE(run(same).was_finished) << "no time was added";
    options.max_minutes = 60;
    const TrainReport whole = run(second);
    EXPECT_FALSE(whole.was_finished);
    EXPECT_EQ(whole.stop_reason, "max-steps");
    EXPECT_EQ(whole.steps, 60);
    EXPECT_EQ(second.logits, straight.logits);
    EXPECT_EQ(diary(), diary("straight"));
}

TEST_F(LoopTest, NanEndsTheRunNamingStepAndBatch) {
    UnigramTrainee trainee(13);
    trainee.diverge_at = 23;
    try {
        run(trainee);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind, ErrorKind::kDiverged);
        EXPECT_NE(error.message.find("step 23 (batches 23 to 23)"), std::string::npos)
            << error.message;
    }
    // What was saved before is whole, and the same command goes on from it.
    UnigramTrainee next(13);
    EXPECT_EQ(run(next).steps, 60);
    EXPECT_EQ(next.seen_inputs.size(), 40u);  // from step 20
}

TEST_F(LoopTest, GoingOnGivesTheSameDiaryAsNeverStopping) {
    UnigramTrainee straight(13);
    run(straight, "straight");
    for (const int broken_at : {3, 10, 11, 37, 59}) {
        const std::string name = "broken" + std::to_string(broken_at);
        UnigramTrainee first(13), second(13);
        first.diverge_at = broken_at;  // ends the run without a save, as a crash would
        EXPECT_THROW(run(first, name.c_str()), Error);
        run(second, name.c_str());
        EXPECT_EQ(diary(name.c_str()), diary("straight"));
        EXPECT_EQ(second.logits, straight.logits);
    }
}

TEST_F(LoopTest, TheSampleIsWatched) {
    UnigramTrainee trainee(13);
    const auto rut = [](std::unique_ptr<models::LanguageModel> model, std::int64_t) {
        EXPECT_EQ(model->vocabulary_size(), 13);
        return std::vector<int>(12, 5);
    };
    const TrainReport report = run(trainee, "run", rut);
    EXPECT_FALSE(report.warnings.empty());
    int samples = 0;
    for (const auto& line : diary()) samples += line.at("event") == "sample";
    EXPECT_EQ(samples, 6);
}

TEST_F(LoopTest, AnIntervalFollowsTheEpochsWithinBounds) {
    options.evaluate_every = 0;
    options.max_steps = 1000;
    const std::int64_t per_step = options.batch_size * options.sequence_length;
    EXPECT_EQ(evaluation_interval(options, 50 * per_step), 50);
    EXPECT_EQ(evaluation_interval(options, 2 * per_step), 25);
    EXPECT_EQ(evaluation_interval(options, 9999 * per_step), 100);
}

TEST_F(LoopTest, ADryRunChangesNoFile) {
    UnigramTrainee trainee(13);
    const DryRun d = dry_run(trainee, toy.data, options, root.path / "run");
    EXPECT_EQ(d.parameters, 13);
    EXPECT_EQ(d.tokens_per_step, 32);
    EXPECT_GT(d.free_disk_bytes, 0);
    EXPECT_TRUE(std::filesystem::is_empty(root.path));
}

TEST_F(LoopTest, ADryRunCountsTheStepsAndEvaluationsThatComeToBe) {
    for (const int steps : {60, 55}) {
        options.max_steps = steps;
        UnigramTrainee timed(13), trainee(13);
        const std::string name = "run-" + std::to_string(steps);
        const DryRun d = dry_run(timed, toy.data, options, root.path / name);
        run(trainee, name.c_str());
        std::int64_t evaluations = 0;
        for (const auto& line : diary(name.c_str()))
            evaluations += line.at("event") == "evaluation" && line.at("split") == "valid";
        EXPECT_EQ(d.evaluations, evaluations);
        EXPECT_EQ(d.steps, steps);
        // Half way, so much is left.
        const DryRun rest = dry_run(timed, toy.data, options, root.path / name, 30);
        EXPECT_EQ(rest.steps, steps - 30);
        EXPECT_EQ(rest.evaluations, 3);
    }
}

TEST_F(LoopTest, TheLineBeforeTrainingSaysParametersMemoryAndMinutes) {
    DryRun d;
    d.parameters = 5000;
    d.trained_parameters = 40;
    d.memory_bytes = 123'400'000;
    d.steps = 60;
    d.seconds_per_step = 0.5;
    d.timed_steps = 3;
    d.evaluations = 7;
    d.seconds_per_evaluation = 2;
    d.minutes = 0.73;
    EXPECT_EQ(d.to_line(options),
              "trains 40 parameters; needs about 123 MB and 0.7 min: 60 steps of 0.50 s (3 tried), "
              "7 evaluations of 2.0 s");
    options.lora.rank = 2;
    options.max_minutes = 0.5;
    const std::string line = d.to_line(options);
    EXPECT_NE(line.find("40 parameters beside 5000 that stay"), std::string::npos) << line;
    EXPECT_NE(line.find("--max-minutes ends it at 0.5"), std::string::npos) << line;
}

// Last: the stop request stays for the rest of the process.
TEST_F(LoopTest, ZStopRequestSavesAndSaysHowToGoOn) {
    base::install_stop_handlers();
    // Seen by the sampler itself, in the middle of an evaluation.
    const auto stop_at_20 = [](std::unique_ptr<models::LanguageModel>, std::int64_t step) {
        if (step == 20 && !base::stop_requested()) std::raise(SIGINT);
        base::throw_if_stop_requested();
        return std::vector<int>{};
    };
    UnigramTrainee trainee(13);
    for (int attempt = 0; attempt < 2; ++attempt) {
        try {
            run(trainee, "run", stop_at_20);
            FAIL();
        } catch (const Error& error) {
            EXPECT_EQ(error.kind, ErrorKind::kInterrupted);
            EXPECT_NE(error.message.find("saved at step 20 of 60"), std::string::npos)
                << error.message;
        }
    }
}

}  // namespace
}  // namespace symphony::training
