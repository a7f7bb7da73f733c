// symphony bench [limits|train|generate|data|quality]: how fast this machine is, and Symphony on
// it; how well it predicts beside published figures.
#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/bench/comparison.h"
#include "symphony/bench/data_speed.h"
#include "symphony/bench/generation_peers.h"
#include "symphony/bench/generation_speed.h"
#include "symphony/bench/limits.h"
#include "symphony/bench/training_peers.h"
#include "symphony/bench/training_speed.h"
#include "symphony/cli/bench_other.h"
#include "symphony/cli/bench_quality.h"
#include "symphony/cli/sibling.h"
#include "symphony/cli/train_command.h"
#include "symphony/training/rnn_trainee.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

namespace symphony::cli {
namespace {

namespace fs = std::filesystem;

constexpr int kCompareRounds = 7;

class Bench : public Verb {
  public:
    Bench(TraineeFactory torch_factory, FrameTraineeFactory frame_factory, StockLibrary libtorch)
        : torch_factory_(std::move(torch_factory)),
          frame_factory_(std::move(frame_factory)),
          libtorch_(std::move(libtorch)) {
        const char* shared = std::getenv("SYMPHONY_SHARED");
        quality_.sets =
            (shared ? std::string(shared) : SYMPHONY_SOURCE_FOLDER "/../shared") + "/data";
        quality_.settings = SYMPHONY_SOURCE_FOLDER "/bench/quality";
        quality_.output = "bench-quality";
    }

    void describe(base::OptionTable& table) override {
        auto& what =
            table.add("what", what_,
                      "limits: of the machine; train: both, and the models; generate: "
                      "transformers composing one stream and many; data: reading, tokenising and "
                      "counting music files; quality: prediction of the sets of published tables, "
                      "beside the papers' figures",
                      {"limits", "train", "generate", "data", "quality"});
        what.positional = true;
        table
            .add("compare", compare_,
                 "build this commit too and measure both in turns, --rounds times: what became "
                 "slower or faster, and what is noise")
            .value_name = "REV";
        table.group("train");
        table.add("models", models_, "folder of model shapes, one TOML of training options each")
            .value_name = "DIR";
        table.add("precision", precision_, "of LSTM and transformer, as in train",
                  {"auto", "float32", "bf16"});
        table.add("steps", steps_, "timed training steps of each model", {1, 10000});
        table
            .add("torch-venv", torch_venv_,
                 "with --peers: PyTorch's Python environment, from scripts/torch-venv.sh")
            .value_name = "DIR";
        table.group("generate");
        table
            .add("transformers-venv", transformers_venv_,
                 "with --peers: the Python environment of Hugging Face's transformers, from "
                 "scripts/transformers-venv.sh")
            .value_name = "DIR";
        table.group("data");
        table.add("music", music_, "folder of MIDI files to measure on").value_name = "DIR";
        table.add("peers", peers_,
                  "also other programs, in the same run: on the same files, or training and "
                  "composing with the same shapes");
        table.add("peers-venv", peers_venv_, "their Python environment, from scripts/peers-venv.sh")
            .value_name = "DIR";
        table.add("peer-seconds", peer_seconds_,
                  "time for another program's pass or steps; files it does not get to are not "
                  "compared",
                  {0.1, 3600});
        table.add("rounds", rounds_, "ours and theirs in turn; the median ratio counts", {1, 99});
        table.group("quality");
        table
            .add("rows", quality_.rows,
                 "of the table, separated by commas: jsb-lstm, jsb-rnn, nottingham-lstm, "
                 "nottingham-rnn, chorale16 (default: all)")
            .value_name = "ROWS";
        table.add("sets", quality_.sets, "folder of the published sets, polymusic and jsb-chorales")
            .value_name = "DIR";
        table.add("settings", quality_.settings, "folder of each row's training options, ROW.toml")
            .value_name = "DIR";
        table
            .add("output", quality_.output,
                 "folder of the rows' runs: what is finished there is not trained again, what was "
                 "stopped goes on")
            .value_name = "DIR";
        table.add("minutes-per-row", quality_.minutes_per_row,
                  "train no longer than that (0: no bound)", {0, 1e6});
        table.add("self-test", quality_.self_test_only,
                  "only check that models that count give their known figures; every run of "
                  "quality begins with that");
        table.add("valid-only", quality_.valid_only, "leave the test parts alone: for tuning");
    }

    int run(const Context& context) override {
        if (!compare_.empty()) return run_compare(context);
        if (what_ == "data") return run_data(context);
        if (what_ == "generate") return run_generate(context);
        if ((what_ == "train" || what_ == "quality") && !torch_factory_)
            if (const auto trainer = sibling_program("symphony-train"); !trainer.empty())
                become(trainer);
        if (what_ == "quality")
            return run_bench_quality(quality_, torch_factory_, frame_factory_, context);
        if (what_ == "train" && peers_ && !fs::exists(torch_python()))
            throw base::Error(base::ErrorKind::kInput, "PyTorch is not installed", torch_venv_,
                              "scripts/torch-venv.sh installs it");
        const auto products = bench::transformer_products(8 * 512, 384, 1024, bench::kVocabulary);
        const bench::Limits limits = bench::measure_limits(products, context.threads);
        base::Json json{{"limits", limits.to_json()}};
        if (!context.json) context.print(limits.to_text());
        if (what_ == "train") json["models"] = models(limits, context);
        if (context.json) context.print_json(json);
        return 0;
    }

  private:
    int run_compare(const Context& context) const {
        if (peers_)
            throw base::Error(base::ErrorKind::kUsage, "--compare and --peers do not go together",
                              {}, "compare with other programs and with a commit one by one");
        const int rounds_asked = context.options->given("rounds") ? rounds_ : kCompareRounds;
        if (static_cast<std::size_t>(rounds_asked) < bench::kFewestRounds)
            throw base::Error(base::ErrorKind::kUsage, "fewer than 3 rounds tell no noise", {},
                              "leave --rounds out, or give 3 or more");
        const fs::path theirs = build_revision(SYMPHONY_SOURCE_FOLDER, compare_, *context.progress);
        const fs::path ours = sibling_program("symphony");
        std::vector<std::string> arguments = {what_};
        const auto pass = [&](const std::string& name, const std::string& value) {
            if (context.options->given(name))
                arguments.insert(arguments.end(), {"--" + name, value});
        };
        pass("models", models_);
        pass("precision", precision_);
        pass("steps", std::to_string(steps_));
        pass("music", music_);
        if (context.threads > 0)
            arguments.insert(arguments.end(), {"--threads", std::to_string(context.threads)});
        std::vector<bench::SpeedRound> rounds;
        context.progress->begin("this build and " + compare_ + " in turns", rounds_asked);
        for (int i = 0; i < rounds_asked; ++i) {
            base::Json our_report = bench_report(ours, arguments);
            rounds.push_back({std::move(our_report), bench_report(theirs, arguments)});
            context.progress->update(i + 1);
        }
        context.progress->end();
        base::Json json = base::Json::array();
        for (const bench::SpeedChange& change : bench::compare_speeds(rounds)) {
            json.push_back(change.to_json());
            if (!context.json) context.print(change.to_text());
        }
        if (context.json) context.print_json({{"compared_with", compare_}, {"speeds", json}});
        return 0;
    }

    fs::path torch_python() const { return fs::path(torch_venv_) / "bin" / "python"; }

    int run_data(const Context& context) const {
        if (music_.empty())
            throw base::Error(base::ErrorKind::kUsage, "no music to measure on", {},
                              "give a folder of MIDI files with --music DIR");
        const bench::Peers peers{
            .python = fs::path(peers_venv_) / "bin" / "python",
            .script = fs::path(SYMPHONY_SOURCE_FOLDER) / "bench" / "data" / "peers.py",
            .seconds = peer_seconds_,
            .rounds = rounds_};
        if (peers_ && !fs::exists(peers.python))
            throw base::Error(base::ErrorKind::kInput, "the other programs are not installed",
                              peers_venv_, "scripts/peers-venv.sh installs them");
        const bench::DataSpeed speed = bench::measure_data_speed(
            music_, context.threads, peers_ ? &peers : nullptr, *context.progress);
        if (context.json)
            context.print_json(speed.to_json());
        else
            context.print(speed.to_text());
        return 0;
    }

    int run_generate(const Context& context) const {
        const bench::GenerationPeerPlan plan{
            .python = fs::path(transformers_venv_) / "bin" / "python",
            .script =
                fs::path(SYMPHONY_SOURCE_FOLDER) / "bench" / "generate" / "transformers_peer.py",
            .threads = context.threads};
        if (peers_ && !fs::exists(plan.python))
            throw base::Error(base::ErrorKind::kInput, "transformers is not installed",
                              transformers_venv_, "scripts/transformers-venv.sh installs it");
        base::Json json = base::Json::array();
        for (const fs::path& file : shapes()) {
            const training::TrainOptions options = shape_in(file, context);
            if (options.model != "transformer") continue;
            const auto config = training::transformer_config(options, bench::kVocabulary, 0);
            for (const auto& speed :
                 bench::measure_generation(file.stem().string(), config, context.threads)) {
                json.push_back(speed.to_json());
                if (!context.json) context.print(speed.to_text());
                // It has no int8 of ours.
                if (!peers_ || speed.precision == nn::WeightPrecision::kInt8) continue;
                const auto peer = bench::measure_transformers(speed, config, plan);
                json.back()["peers"] = base::Json::array({peer.to_json()});
                if (!context.json) context.print(peer.to_text());
            }
        }
        if (context.json) context.print_json({{"generate", std::move(json)}});
        return 0;
    }

    training::TrainOptions shape_in(const fs::path& file, const Context& context) const {
        training::TrainOptions options;
        base::OptionTable table;
        options.describe(table);
        table.from_toml_file(file);
        options.precision = precision_;
        options.threads = context.threads;
        training::fill_defaults(options);
        return options;
    }

    base::Json models(const bench::Limits& limits, const Context& context) const {
        base::Json json = base::Json::array();
        for (const fs::path& file : shapes()) {
            const training::TrainOptions options = shape_in(file, context);
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
            if (peers_) json.back()["peers"] = training_peers(*trainee, options, context);
        }
        return json;
    }

    base::Json training_peers(training::Trainee& trainee, const training::TrainOptions& options,
                              const Context& context) const {
        const bench::TrainingPeerPlan plan{.python = torch_python(),
                                           .sources = SYMPHONY_SOURCE_FOLDER,
                                           .rounds = rounds_,
                                           .seconds = peer_seconds_};
        const auto ours = [&] {
            return bench::seconds_per_training_step(trainee, options, steps_);
        };
        std::vector<bench::TrainingPeer> peers = bench::training_peers(options, options.threads);
        for (const bool bf16 : {false, true})
            if (libtorch_.use && needs_torch(options.model))
                peers.push_back({.name = "libtorch",
                                 .setting = bf16 ? "bf16 autocast" : "float32",
                                 .seconds_per_step =
                                     [&, bf16] {
                                         const auto stock = libtorch_.use(bf16);
                                         return ours();
                                     },
                                 .version = libtorch_.version});
        const std::int64_t tokens = std::int64_t{options.batch_size} * options.sequence_length;
        base::Json json = base::Json::array();
        for (const auto& peer : bench::measure_training_peers(peers, options, bench::kVocabulary,
                                                              trainee.parameter_count(), ours, plan,
                                                              *context.progress)) {
            json.push_back(peer.to_json(tokens));
            if (!context.json) context.print(peer.to_text(tokens));
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
    FrameTraineeFactory frame_factory_;
    StockLibrary libtorch_;
    QualityRequest quality_;
    std::string what_ = "train", models_ = SYMPHONY_SOURCE_FOLDER "/bench/models",
                precision_ = "auto";
    std::string compare_, music_, peers_venv_ = SYMPHONY_SOURCE_FOLDER "/build/peers-venv";
    std::string torch_venv_ = SYMPHONY_SOURCE_FOLDER "/build/torch-venv";
    std::string transformers_venv_ = SYMPHONY_SOURCE_FOLDER "/build/transformers-venv";
    bool peers_ = false;
    double peer_seconds_ = 20;
    int steps_ = 9, rounds_ = 3;
};

}  // namespace

VerbEntry make_bench_verb(TraineeFactory torch_factory, FrameTraineeFactory frame_factory,
                          StockLibrary libtorch) {
    return {
        "bench",
        "how fast this machine is, and training, composing and reading on it; prediction beside "
        "published figures",
        {"symphony bench", "symphony bench limits --json",
         "symphony bench train --precision float32 --steps 20", "symphony bench train --peers",
         "symphony bench generate --compare HEAD~1",
         "symphony bench data --music my-midi-folder --peers",
         "symphony bench quality --rows jsb-lstm,jsb-rnn"},
        [=] { return std::make_unique<Bench>(torch_factory, frame_factory, libtorch); }};
}

VerbEntry bench_verb() { return make_bench_verb({}, {}, {}); }

}  // namespace symphony::cli
