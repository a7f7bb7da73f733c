// The stages of `learn` and `demo`, and their closing words.
#include "symphony/base/error.h"
#include "symphony/cli/base_experiment.h"
#include "symphony/cli/base_model.h"
#include "symphony/cli/journey.h"
#include "symphony/evaluate/comparison.h"
#include "symphony/training/options.h"

#include <fmt/format.h>

#include <algorithm>

namespace symphony::cli {

namespace fs = std::filesystem;
using base::Json;

namespace {

// On two cores, as seen on the chorales (docs/benchmarks.md); only for the estimate of the time
// left.
double expected_training_seconds(const std::string& model, std::int64_t tokens) {
    if (model == "ngram") return 8;
    const double tokens_per_second = model == "rnn" ? 35'000 : 16'000;
    return static_cast<double>(tokens) / tokens_per_second;
}

class PlanMaker {
  public:
    explicit PlanMaker(const LearnPlanOptions& options) : options_(options) {
        plan_.folder = options.folder;
        plan_.music = options.music;
    }

    JourneyPlan make() {
        add({"explore the music",
             {"explore", options_.music, "-o", at("explore.html"), "--json"},
             at("explore.json"),
             5,
             {at("explore.html")}});
        Stage prepare{
            "prepare: tokens and split",
            {"prepare", options_.music, "-o", data(), "--scheme", options_.scheme, "--force"},
            {},
            10,
            {data() + "/dataset.json"}};
        if (options_.tempo > 0)
            prepare.arguments.insert(prepare.arguments.end(),
                                     {"--default-tempo", fmt::format("{}", options_.tempo)});
        plan_.data = prepare.arguments;
        add(std::move(prepare));
        for (const std::string& model : options_.models) add_training(model);
        add_evaluation();
        if (options_.pretraining) add_pretraining();
        if (options_.base)
            for (Stage& stage : base_experiment(options_, base_model())) add(std::move(stage));
        for (const std::string& model : options_.models) add_takes(model);
        add_excerpts();
        Stage report{
            "report",
            {"report", options_.folder, "-o", at("report.html"), "--slides", at("deck.html")},
            {},
            40,
            {at("report.html"), at("deck.html")}};
        if (!options_.audio) report.arguments.push_back("--no-audio");
        add(std::move(report));
        return std::move(plan_);
    }

  private:
    void add(Stage stage) { plan_.stages.push_back(std::move(stage)); }
    std::string at(const std::string& name) const { return (options_.folder / name).string(); }
    std::string data() const { return at("data"); }
    std::string run(const std::string& model) const { return at("models/" + model); }
    std::string weights(const std::string& model) const {
        return run(model) + "/model/model.safetensors";
    }

    void add_training(const std::string& model) {
        Stage stage{"train: " + model,
                    {"train", data(), "--model", model, "-o", run(model), "--renew"},
                    {},
                    expected_training_seconds(model, options_.tokens_per_model),
                    {weights(model)}};
        if (model != "ngram")
            stage.arguments.insert(
                stage.arguments.end(),
                {"--max-steps", std::to_string(steps_for(options_.tokens_per_model, model))});
        if (model != "ngram" && !options_.transpose) stage.arguments.push_back("--no-transpose");
        if (options_.minutes_per_model > 0) {
            stage.arguments.insert(
                stage.arguments.end(),
                {"--max-minutes", fmt::format("{}", options_.minutes_per_model)});
            stage.expected_seconds = 60 * options_.minutes_per_model;
        }
        add(std::move(stage));
    }

    void add_evaluation() {
        Stage stage{"evaluate on held-out pieces", {"evaluate"}, at("evaluation.json"), 30};
        for (const std::string& model : options_.models) stage.arguments.push_back(run(model));
        stage.arguments.insert(stage.arguments.end(),
                               {"--data", data(), "--split", "test", "--json"});
        add(std::move(stage));
    }

    // Does pre-training pay? Major-key pieces first (A), then minor ones (B), all scored on
    // held-out B at equal total steps.
    void add_pretraining() {
        const std::string tokenizer = at("data/tokenizer.json");
        for (const std::string mode : {"major", "minor"})
            add({"prepare: pieces in " + mode,
                 {"prepare", options_.music, "-o", at("data-" + mode), "--tokenizer", tokenizer,
                  "--only-mode", mode, "--force"},
                 {},
                 5,
                 {at("data-" + mode + "/dataset.json")}});
        const int steps = options_.pretraining_steps;
        const auto train = [&](const std::string& name, const std::string& data_name, int count) {
            add({"pre-training: " + name,
                 {"train", at(data_name), "--model", "transformer", "-o", run(name), "--max-steps",
                  std::to_string(count), "--evaluate-every", std::to_string(std::max(1, count / 3)),
                  "--no-transpose", "--renew"},
                 {},
                 0.06 * count,
                 {weights(name)}});
        };
        train("minor-only", "data-minor", steps);
        train("major-only", "data-major", steps / 2);
        add({"pre-training: major-then-minor",
             {"tune", at("data-minor"), "--from", run("major-only"), "-o", run("major-then-minor"),
              "--max-steps", std::to_string(steps / 2), "--evaluate-every",
              std::to_string(std::max(1, steps / 6)), "--no-transpose", "--renew"},
             {},
             0.03 * steps,
             {weights("major-then-minor")}});
        train("major-and-minor", "data", steps);
        Stage stage{"pre-training: evaluate on held-out minor pieces",
                    {"evaluate"},
                    at("pretraining.json"),
                    15};
        for (const char* name : {"minor-only", "major-only", "major-then-minor", "major-and-minor"})
            stage.arguments.push_back(run(name));
        stage.arguments.insert(stage.arguments.end(),
                               {"--data", at("data-minor"), "--split", "test", "--json"});
        add(std::move(stage));
    }

    void add_takes(const std::string& model) {
        Stage stage{"compose: " + model,
                    {"generate", run(model), "--bars", std::to_string(options_.bars), "--takes",
                     std::to_string(options_.takes), "-o", at(model)},
                    {},
                    8,
                    {at(model + "/take-1.mid")}};
        if (!options_.audio) stage.arguments.push_back("--no-wav");
        add(std::move(stage));
    }

    void add_excerpts() {
        if (options_.excerpts == 0) return;
        Stage stage{"compare composed with real music", {"evaluate"}, at("generated.json"), 60};
        for (const std::string& model : options_.models) stage.arguments.push_back(run(model));
        stage.arguments.insert(stage.arguments.end(),
                               {"--data", data(), "--split", "test", "--excerpts",
                                std::to_string(options_.excerpts), "--json"});
        add(std::move(stage));
    }

    const LearnPlanOptions& options_;
    JourneyPlan plan_;
};

}  // namespace

std::int64_t steps_for(std::int64_t tokens, const std::string& model) {
    training::TrainOptions options;
    options.model = model;
    training::fill_defaults(options);
    const std::int64_t per_step =
        std::int64_t{options.batch_size} * options.sequence_length * options.accumulate;
    return std::max<std::int64_t>(2, tokens / per_step);
}

JourneyPlan plan_learning(const LearnPlanOptions& options) { return PlanMaker(options).make(); }

namespace {

// A line a model.
std::string rows_of(const evaluate::Evaluation& evaluation) {
    std::string text;
    for (std::size_t m = 0; m < evaluation.models.size(); ++m) {
        const evaluate::Interval& bits = evaluation.bits_per_note[m];
        text += fmt::format("  {:12} {:6.3f}   {:.3f} to {:.3f}   pitch right {:4.1f} %\n",
                            evaluation.models[m].name, bits.mean, bits.low, bits.high,
                            100 * evaluation.models[m].pitch_accuracy().top1_share());
    }
    return text;
}

}  // namespace

void print_outcome(const LearnPlanOptions& options, const Context& context) {
    const fs::path& folder = options.folder;
    const Json json = base::read_json_file(folder / "evaluation.json").value();
    if (context.json) return context.print_json(json);
    const auto evaluation = evaluate::evaluation_from_json(json);
    std::string text = "\nBits per note on held-out pieces (fewer is better, 95 % interval):\n";
    text += rows_of(evaluation);
    text += evaluation.conclusion + "\n\n";
    if (options.base) {
        const Json base_json = base::read_json_file(folder / "base.json").value();
        text += "In the tokens of Symphony's own base:\n" +
                rows_of(evaluate::evaluation_from_json(base_json)) + "\n";
    }
    text += fmt::format("Read:   {}\n", (folder / "report.html").string());
    text += fmt::format("Listen: {}\n",
                        (folder / "*" / (options.audio ? "take-1.wav" : "take-1.mid")).string());
    text += fmt::format("Slides: {}", (folder / "deck.html").string());
    context.print(text);
}

}  // namespace symphony::cli
