// symphony sweep DATA: tries settings of train, stops the losers early, trains the best of each
// family anew with several seeds and scores those on test, once each. Every trial is a run of its
// own, so that the same command goes on where it was stopped.
#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/process.h"
#include "symphony/base/stop_signal.h"
#include "symphony/cli/sibling.h"
#include "symphony/cli/sweep_plan.h"
#include "symphony/cli/verb.h"
#include "symphony/view/chart.h"
#include "symphony/view/palette.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <limits>

namespace symphony::cli {
namespace {

namespace fs = std::filesystem;

struct Outcome {
    Trial trial;
    std::vector<std::pair<std::int64_t, double>> valid;  // steps, nats per token, by round
    double last() const { return valid.back().second; }
};

struct Winner {
    Trial trial;
    std::vector<double> valid, test;  // nats per token, by seed
};

std::string mean_and_deviation(const std::vector<double>& values) {
    if (values.empty()) return "none";
    const auto n = static_cast<double>(values.size());
    double mean = 0, squares = 0;
    for (const double value : values) mean += value / n;
    for (const double value : values) squares += (value - mean) * (value - mean);
    return fmt::format("{:.4f} ± {:.4f}", mean, n > 1 ? std::sqrt(squares / (n - 1)) : 0.0);
}

std::string table_of(const std::vector<Outcome>& outcomes, const std::vector<Winner>& winners) {
    std::string text =
        "| family | trial | settings | steps | held out, nats a token |\n|---|---|---|---|---|\n";
    for (const Outcome& outcome : outcomes)
        text += fmt::format("| {} | {} | {} | {} | {:.4f} |\n", outcome.trial.family,
                            outcome.trial.number, outcome.trial.words(), outcome.valid.back().first,
                            outcome.last());
    text += "\n| best | settings | seeds | held out | test |\n|---|---|---|---|---|\n";
    for (const Winner& winner : winners)
        text += fmt::format("| {} | {} | {} | {} | {} |\n", winner.trial.family,
                            winner.trial.words(), winner.valid.size(),
                            mean_and_deviation(winner.valid), mean_and_deviation(winner.test));
    return text;
}

base::Json json_of(const std::vector<Outcome>& outcomes, const std::vector<Winner>& winners) {
    base::Json json = {{"trials", base::Json::array()}, {"best", base::Json::array()}};
    for (const Outcome& outcome : outcomes)
        json["trials"].push_back({{"family", outcome.trial.family},
                                  {"trial", outcome.trial.number},
                                  {"settings", outcome.trial.settings},
                                  {"valid_by_steps", outcome.valid}});
    for (const Winner& winner : winners)
        json["best"].push_back({{"family", winner.trial.family},
                                {"settings", winner.trial.settings},
                                {"valid_by_seed", winner.valid},
                                {"test_by_seed", winner.test}});
    return json;
}

view::Chart chart_of(const std::vector<Outcome>& outcomes) {
    view::Chart chart;
    chart.title = "Held-out loss of every trial";
    chart.description = "A line a trial: nats per token after each round's steps.";
    chart.x.label = "training steps";
    chart.y.label = "nats per token";
    std::string named;
    for (const Outcome& outcome : outcomes) {
        view::Series series;
        series.mark = view::Mark::kLinePoints;
        series.color = std::string(view::model_color(outcome.trial.family).name);
        if (named != outcome.trial.family) series.name = named = outcome.trial.family;
        for (const auto& [steps, loss] : outcome.valid) {
            if (!std::isfinite(loss)) continue;
            series.x.push_back(static_cast<double>(steps));
            series.y.push_back(loss);
        }
        if (!series.x.empty()) chart.series.push_back(std::move(series));
    }
    return chart;
}

class Sweep : public Verb {
  public:
    void describe(base::OptionTable& table) override {
        auto& data = table.add("data", data_, "a prepared data set");
        data.positional = data.required = true;
        data.value_name = "DATA";
        table.add("output", output_, "folder for runs, table and chart").value_name = "DIR";
        table.add("families", families_, "what is tried", {"rnn", "lstm", "transformer"});
        table.add("vary", vary_,
                  "an option of train and its values: layers=1,2 or lstm.dropout=0,0.2");
        table.add("fixed", fixed_, "an option of train for all trials: batch-size=16");
        table.add("trials", trials_, "of each family, drawn from all combinations; 0: all",
                  {0, 10000});
        table.add("max-steps", max_steps_, "training steps of the last round", {1, 1e9});
        table.add("rounds", rounds_, "of successive halving; 1: none", {1, 10});
        table.add("keep", keep_, "share of trials that goes on to the next, longer round",
                  {0.1, 0.9});
        table.add("seeds", seeds_, "how often the best of a family is trained at the end",
                  {1, 100});
    }

    int run(const Context& context) override {
        if (output_.empty() || families_.empty())
            throw base::Error(base::ErrorKind::kUsage, "--output or --families is missing", {},
                              "for instance --families rnn lstm --vary dropout=0,0.2 -o sweep");
        std::vector<Axis> axes;
        for (const std::string& text : vary_) axes.push_back(parse_axis(text));
        for (const std::string& text : fixed_) {
            axes.push_back(parse_axis(text));
            if (axes.back().values.size() != 1)
                throw base::Error(base::ErrorKind::kUsage, "fixed: got \"" + text + "\"", {},
                                  "expected one value, such as batch-size=16");
        }
        std::vector<Outcome> outcomes;
        std::vector<Winner> winners;
        for (const std::string& family : families_) {
            const std::vector<Outcome> tried = search(family, axes, context);
            const auto best =
                std::min_element(tried.begin(), tried.end(), [](const auto& a, const auto& b) {
                    // Of those that came furthest.
                    return std::pair(-std::ssize(a.valid), a.last()) <
                           std::pair(-std::ssize(b.valid), b.last());
                });
            winners.push_back(train_winner(best->trial, context));
            outcomes.insert(outcomes.end(), tried.begin(), tried.end());
        }
        const fs::path folder = output_;
        const base::Json json = json_of(outcomes, winners);
        const std::string table = table_of(outcomes, winners);
        base::write_json_file(folder / "sweep.json", json);
        base::write_file_atomically(folder / "sweep.md", table);
        view::write_chart(chart_of(outcomes), folder / "sweep.svg");
        if (context.json)
            context.print_json(json);
        else
            context.print(table + "\n" + (folder / "sweep.svg").string());
        return 0;
    }

  private:
    std::vector<Outcome> search(const std::string& family, const std::vector<Axis>& axes,
                                const Context& context) const {
        std::vector<Outcome> outcomes;
        for (Trial& trial :
             trials_of(family, axes, trials_, static_cast<std::uint64_t>(context.seed)))
            outcomes.push_back({std::move(trial), {}});
        std::vector<std::size_t> left(outcomes.size());
        for (std::size_t i = 0; i < left.size(); ++i) left[i] = i;
        const std::vector<std::int64_t> steps = steps_of_rounds(max_steps_, rounds_, keep_);
        for (std::size_t round = 0; round < steps.size(); ++round) {
            std::vector<double> losses;
            for (const std::size_t i : left) {
                const Trial& trial = outcomes[i].trial;
                context.progress->note(fmt::format("{} trial {} of {}, round {} of {}: {}", family,
                                                   trial.number, outcomes.size(), round + 1,
                                                   rounds_, trial.words()));
                const auto run = fmt::format("{}-{}-round-{}", family, trial.number, round + 1);
                const base::Json result =
                    train(trial, run, steps[round], context.seed, false, context);
                losses.push_back(result.is_null() ? std::numeric_limits<double>::infinity()
                                                  : result.at("valid_loss").get<double>());
                outcomes[i].valid.push_back({steps[round], losses.back()});
            }
            std::vector<std::size_t> next;
            for (const std::size_t place : survivors(losses, keep_)) next.push_back(left[place]);
            left = std::move(next);
        }
        return outcomes;
    }

    Winner train_winner(const Trial& trial, const Context& context) const {
        Winner winner{trial, {}, {}};
        for (int i = 0; i < seeds_; ++i) {
            const std::int64_t seed = context.seed + i;
            context.progress->note(
                fmt::format("best {}, seed {}: {}", trial.family, seed, trial.words()));
            const auto run = fmt::format("{}-best-seed-{}", trial.family, seed);
            const base::Json result = train(trial, run, max_steps_, seed, true, context);
            if (result.is_null()) continue;
            winner.valid.push_back(result.at("valid_loss").get<double>());
            if (result.contains("test_loss"))
                winner.test.push_back(result["test_loss"].get<double>());
        }
        if (winner.valid.empty())
            throw base::Error(base::ErrorKind::kDiverged,
                              "the best " + trial.family + " diverged with every seed", output_,
                              "vary other settings: a lower learning-rate");
        return winner;
    }

    // The run's result.json; null where training diverged, which is an outcome like another.
    base::Json train(const Trial& trial, const std::string& name, std::int64_t steps,
                     std::int64_t seed, bool test, const Context& context) const {
        const fs::path run = fs::path(output_) / name;
        std::vector<std::string> argv{own_program().string(),
                                      "train",
                                      data_,
                                      "--model",
                                      trial.family,
                                      "--output",
                                      run.string(),
                                      "--max-steps",
                                      std::to_string(steps),
                                      "--seed",
                                      std::to_string(seed),
                                      "--threads",
                                      std::to_string(context.threads),
                                      "--renew",
                                      "--progress",
                                      context.progress_style};
        if (!test) argv.push_back("--no-test");
        // --set also takes yes and no for a value.
        for (const auto& [option, value] : trial.settings)
            argv.insert(argv.end(), {"--set", option + "=" + value});
        base::ProcessOptions options;
        options.timeout = std::chrono::hours(24 * 30);
        options.inherit_errors = true;
        const int code = base::run_process(argv, options).exit_code;
        base::throw_if_stop_requested();
        if (code == base::exit_code(base::ErrorKind::kDiverged)) return nullptr;
        if (code != 0)
            throw base::Error(
                base::ErrorKind::kUsage,
                fmt::format("{} trial {} ended with code {}", trial.family, trial.number, code),
                run, "its own words are above; its settings: " + trial.words());
        return base::read_json_file(run / "result.json").value();
    }

    std::string data_, output_;
    std::vector<std::string> families_, vary_, fixed_;
    int trials_ = 0, rounds_ = 3, seeds_ = 3;
    std::int64_t max_steps_ = 1000;
    double keep_ = 0.5;
};

}  // namespace

VerbEntry sweep_verb() {
    return {"sweep",
            "try settings, stop the losers early, score the best on test",
            {"symphony sweep data --families rnn lstm --vary dropout=0,0.2 --vary "
             "hidden-size=64,128 -o sweep",
             "symphony sweep data --config sweep.toml -o sweep"},
            [] { return std::make_unique<Sweep>(); }};
}

}  // namespace symphony::cli
