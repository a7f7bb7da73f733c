// symphony evaluate MODEL...: how well models predict held-out pieces, or how near what they
// compose comes to them.
#include "symphony/base/error.h"
#include "symphony/cli/evaluate_tables.h"
#include "symphony/cli/held_out_data.h"
#include "symphony/cli/music_model.h"
#include "symphony/cli/verb.h"
#include "symphony/evaluate/comparison.h"
#include "symphony/evaluate/generated_report.h"
#include "symphony/evaluate/held_out.h"
#include "symphony/generate/composer.h"

#include <fmt/format.h>

namespace symphony::cli {
namespace {

class Evaluate : public Verb {
  public:
    void describe(base::OptionTable& table) override {
        auto& models = table.add("models", models_, "folders of models or of training runs");
        models.positional = models.required = true;
        models.value_name = "MODEL...";
        table.add("data", data_, "a data set, or a folder of music").value_name = "DIR";
        table.add("split", split_, "which pieces", {"valid", "test"});
        table.add("precision", precision_,
                  "of a transformer's weights, to see what fewer bytes cost (valid pieces only)",
                  {"float32", "bf16", "int8"});
        table.group("Composed beside real");
        table.add(
            "excerpts", excerpts_,
            "compose so many excerpts with each model and compare them with real ones instead",
            {0, 100000});
        table.add("bars", request_.bars, "bars of each excerpt", {1, 1000});
        request_.sampler.describe(table);
    }

    int run(const Context& context) override {
        if (data_.empty())
            throw base::Error(base::ErrorKind::kUsage, "--data is missing", {},
                              "give the data set or the folder of music to evaluate on");
        if (split_ == "test" && precision_ != "float32")
            throw base::Error(base::ErrorKind::kUsage, "test pieces are scored in float32", {},
                              "compare precisions with --split valid");
        const auto models = open_music_models(models_, nn::precision_named(precision_));
        if (split_ == "test" && excerpts_ == 0)
            for (const MusicModel& model : models)
                evaluate::require_finished(evaluate::run_of(model.run));
        HeldOutData data(data_, context);
        if (excerpts_ > 0)
            compare_excerpts(models, data, context);
        else
            compare_likelihoods(models, data, context);
        return 0;
    }

  private:
    evaluate::ModelLikelihood score(const MusicModel& model, HeldOutData& data,
                                    const Context& context) const {
        const corpus::Dataset& dataset = data.for_model(model);
        const bool is_test = split_ == "test";
        const auto run = evaluate::run_of(model.run);
        if (is_test)
            if (auto known =
                    evaluate::stored_test(run, model.loaded.weights_sha256, dataset.hash())) {
                context.progress->note(
                    fmt::format("{}: the test pieces were scored before; its figures are from {}",
                                model.name, (run / "test.json").string()));
                known->name = model.name;
                return *known;
            }
        const auto pieces = evaluate::pieces_of(dataset, corpus::split_from_name(split_));
        context.progress->begin("score " + model.name, static_cast<std::int64_t>(pieces.size()));
        auto result = evaluate::score_pieces([&] { return model.another(); }, *model.tokenizer,
                                             pieces, context.threads, *context.progress);
        context.progress->end();
        result.name = model.name;
        result.folder = model.run.string();
        result.weights_sha256 = model.loaded.weights_sha256;
        result.data_hash = dataset.hash();
        result.split = split_;
        if (is_test) evaluate::store_test(run, result);
        return result;
    }

    void compare_likelihoods(const std::vector<MusicModel>& models, HeldOutData& data,
                             const Context& context) const {
        std::vector<evaluate::ModelLikelihood> results;
        for (const MusicModel& model : models) results.push_back(score(model, data, context));
        auto evaluation = evaluate::compare_all(std::move(results));
        evaluation.data = data_;
        if (context.json)
            context.print_json(evaluate::to_json(evaluation));
        else
            context.print(format_table(evaluation));
    }

    void compare_excerpts(const std::vector<MusicModel>& models, HeldOutData& data,
                          const Context& context) {
        request_.seed = static_cast<std::uint64_t>(context.seed);
        std::vector<evaluate::TakeSet> sets;
        for (const MusicModel& model : models) {
            data.for_model(model);  // the tokens must fit before the work begins
            request_.unseen = model.unseen;
            context.progress->begin("compose with " + model.name, excerpts_);
            evaluate::TakeSet set{model.name, {}};
            for (auto& take :
                 generate::compose([&] { return model.another(); }, *model.tokenizer, request_,
                                   excerpts_, context.threads, *context.progress))
                set.takes.push_back(std::move(take.score));
            context.progress->end();
            sets.push_back(std::move(set));
        }
        const MusicModel& first = models.front();
        const corpus::Dataset& dataset = data.for_model(first);
        auto report = evaluate::compare_generated(
            sets, evaluate::scores_of(dataset, corpus::split_from_name(split_), *first.tokenizer),
            evaluate::scores_of(dataset, corpus::Split::kTrain, *first.tokenizer), request_.bars);
        report.split = split_;
        report.data = data_;
        if (context.json)
            context.print_json(evaluate::to_json(report));
        else
            context.print(format_table(report));
    }

    generate::Request request_{.sampler = generate::kMusicalSampling, .bars = 8};
    std::vector<std::string> models_;
    std::string data_, split_ = "valid", precision_ = "float32";
    int excerpts_ = 0;
};

}  // namespace

VerbEntry evaluate_verb() {
    return {"evaluate",
            "how well models predict, or imitate, music they have not seen",
            {"symphony evaluate runs/ngram runs/lstm --data data --split valid",
             "symphony evaluate runs/lstm --data my-midi-folder --split test --json",
             "symphony evaluate runs/lstm --data data --excerpts 100 --bars 8"},
            [] { return std::make_unique<Evaluate>(); }};
}

}  // namespace symphony::cli
