// symphony card RUN...: a trained model as a folder to give away: weights in bf16, tokenizer,
// fingerprints of what it learned, and a card that says what that was and how well it predicts.
#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/sha256.h"
#include "symphony/base/text.h"
#include "symphony/cli/model_prints.h"
#include "symphony/cli/verb.h"
#include "symphony/corpus/dataset.h"
#include "symphony/models/weights.h"
#include "symphony/view/model_card.h"

#include <fmt/format.h>

#include <sstream>

namespace symphony::cli {
namespace {

namespace fs = std::filesystem;

// "Intel(R) Xeon(R) ..., 2 threads"; what Linux says of its processor.
std::string this_machine() {
    std::istringstream lines(base::read_file("/proc/cpuinfo").value());
    std::string name = "a processor";
    int threads = 0;
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with("model name")) {
            ++threads;
            name = base::trim(line.substr(line.find(':') + 1));
        }
    return fmt::format("{}, {} threads", name, threads);
}

class Card : public Verb {
  public:
    void describe(base::OptionTable& table) override {
        auto& runs =
            table.add("runs", runs_, "training runs: from scratch, then those that went on");
        runs.positional = runs.required = true;
        runs.value_name = "RUN";
        table.add("output", output_, "folder for the model and its card").value_name = "DIR";
        table.add("data", data_, "the data set it learned from").value_name = "DATA";
        table.add("evaluation", evaluations_, "files that `evaluate --json` wrote").value_name =
            "FILE";
        table.add("about", about_, "Markdown that opens the card: licences, purpose, limits")
            .value_name = "FILE";
        table.add("title", title_, "heading of the card").value_name = "TEXT";
        table.add("machine", machine_, "where it was trained, if not here").value_name = "TEXT";
    }

    int run(const Context& context) override {
        if (output_.empty() || data_.empty())
            throw base::Error(base::ErrorKind::kUsage, "--output or --data is missing", {},
                              "for instance --data data -o models/base");
        const MusicModel model = open_music_model(runs_.back());
        if (model.loaded.model->family() != "transformer")
            throw base::Error(base::ErrorKind::kUsage, "only transformers are given away so far",
                              runs_.back());
        view::ModelCard card;
        card.title = title_.empty() ? model.name : title_;
        if (!about_.empty()) card.about = base::read_file(about_).value();
        for (const std::string& run : runs_) card.runs.push_back(view::read_run(run));
        const corpus::Dataset dataset = corpus::Dataset::open(data_);
        card.data = dataset.description();
        for (const std::string& path : evaluations_)
            card.evaluations.push_back(base::read_json_file(path).value());
        card.scheme = model.tokenizer->scheme();
        card.vocabulary_size = model.tokenizer->vocabulary().size();
        card.context_length = model.loaded.model->context_length();
        card.machine = machine_.empty() ? this_machine() : machine_;

        base::make_folder(output_);
        const fs::path folder = output_, weights = folder / "model.safetensors";
        models::write_weights_bf16(weights,
                                   models::read_weights(model.loaded.folder / "model.safetensors"));
        base::write_json_file(folder / "config.json", model.loaded.config);
        base::write_json_file(folder / "tokenizer.json", model.loaded.tokenizer);
        base::write_json_file(folder / "symphony.json", model.loaded.provenance);
        card.weights_sha256 = base::sha256_hex(base::read_file(weights).value());
        card.weights_bytes = fs::file_size(weights);
        const corpus::CopyPrints prints = prints_of(dataset, *model.tokenizer, context);
        base::write_file_atomically(folder / kPrintsFile, prints.to_bytes());
        card.prints = prints.shape();
        card.printed_pieces = prints.pieces().size();
        card.prints_bytes = fs::file_size(folder / kPrintsFile);
        view::write_chart(view::learning_curve(card.runs), folder / "curve.svg");
        card.has_curve = true;
        base::write_file_atomically(folder / "MODEL_CARD.md", view::format_model_card(card));
        if (context.json)
            context.print_json({{"folder", folder.string()},
                                {"bytes", card.weights_bytes},
                                {"weights_sha256", card.weights_sha256}});
        else
            context.print(fmt::format("{}  {:.1f} MB of weights, {}", folder.string(),
                                      static_cast<double>(card.weights_bytes) / 1e6,
                                      (folder / "MODEL_CARD.md").string()));
        return 0;
    }

  private:
    std::vector<std::string> runs_, evaluations_;
    std::string output_, data_, about_, title_, machine_;
};

}  // namespace

VerbEntry card_verb() {
    return {
        "card",
        "a trained model to give away, with a card that says what it learned",
        {"symphony card runs/first runs/second --data data --evaluation test.json -o models/mine"},
        [] { return std::make_unique<Card>(); }};
}

}  // namespace symphony::cli
