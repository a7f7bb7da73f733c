// symphony bench [limits|train]: how fast this machine is, and Symphony on it.
#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/bench/limits.h"
#include "symphony/bench/training_speed.h"
#include "symphony/cli/sibling.h"
#include "symphony/cli/train_command.h"
#include "symphony/training/rnn_trainee.h"

#include <fmt/format.h>

#include <filesystem>

namespace symphony::cli {
namespace {

namespace fs = std::filesystem;

class Bench : public Verb {
  public:
    explicit Bench(TraineeFactory torch_factory) : torch_factory_(std::move(torch_factory)) {}

    void describe(base::OptionTable& table) override {
        auto& what = table.add("what", what_, "limits: of the machine; train: both, and the models",
                               {"limits", "train"});
        what.positional = true;
        table.add("models", models_, "folder of model shapes, one TOML of training options each")
            .value_name = "DIR";
        table.add("precision", precision_, "of LSTM and transformer, as in train",
                  {"auto", "float32", "bf16"});
        table.add("steps", steps_, "timed training steps of each model", {1, 10000});
    }

    int run(const Context& context) override {
        if (what_ == "train" && !torch_factory_)
            if (const auto trainer = sibling_program("symphony-train"); !trainer.empty())
                become(trainer);
        const auto products = bench::transformer_products(8 * 512, 384, 1024, bench::kVocabulary);
        const bench::Limits limits = bench::measure_limits(products, context.threads);
        base::Json json{{"limits", limits.to_json()}};
        if (!context.json) context.print(limits.to_text());
        if (what_ == "train") json["models"] = models(limits, context);
        if (context.json) context.print_json(json);
        return 0;
    }

  private:
    base::Json models(const bench::Limits& limits, const Context& context) const {
        base::Json json = base::Json::array();
        for (const fs::path& file : shapes()) {
            training::TrainOptions options;
            base::OptionTable table;
            options.describe(table);
            table.from_toml_file(file);
            options.precision = precision_;
            options.threads = context.threads;
            training::fill_defaults(options);
            const auto trainee = make_trainee(options);
            if (!trainee) {
                context.progress->note(file.stem().string() + ": needs symphony-train");
                continue;
            }
            const auto speed = bench::measure_speed(file.stem(), *trainee, options, steps_);
            json.push_back(speed.to_json());
            const double rate =
                options.precision == "bf16" ? limits.bf16_rate() : limits.float32_rate();
            json.back()["gemm_fraction"] = speed.training_flops_per_second() / rate;
            if (!context.json)
                context.print(fmt::format("{}  {:.0f} % of the GEMM rate", speed.to_text(),
                                          100 * speed.training_flops_per_second() / rate));
        }
        return json;
    }

    std::vector<fs::path> shapes() const {
        std::vector<fs::path> files;
        for (const fs::path& file : base::list_files(models_))
            if (file.extension() == ".toml") files.push_back(file);
        if (files.empty())
            throw base::Error(base::ErrorKind::kInput, "no model shapes (*.toml)", models_,
                              "give the folder bench/models of Symphony's sources with --models");
        return files;
    }

    std::unique_ptr<training::Trainee> make_trainee(const training::TrainOptions& options) const {
        if (options.model == "rnn")
            return std::make_unique<training::RnnTrainee>(options, bench::kVocabulary, 0);
        return torch_factory_ ? torch_factory_(options, bench::kVocabulary, 0) : nullptr;
    }

    TraineeFactory torch_factory_;
    std::string what_ = "train", models_ = SYMPHONY_BENCH_MODELS, precision_ = "auto";
    int steps_ = 9;
};

}  // namespace

VerbEntry make_bench_verb(TraineeFactory torch_factory) {
    return {"bench",
            "how fast this machine is, and training and composing on it",
            {"symphony bench", "symphony bench limits --json",
             "symphony bench train --precision float32 --steps 20"},
            [torch_factory] { return std::make_unique<Bench>(torch_factory); }};
}

VerbEntry bench_verb() { return make_bench_verb({}); }

}  // namespace symphony::cli
