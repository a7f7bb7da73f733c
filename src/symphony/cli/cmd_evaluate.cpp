// symphony evaluate MODEL...: how well models predict held-out pieces, or how near what they
// compose comes to them.
#include "symphony/base/error.h"
#include "symphony/cli/evaluate_tables.h"
#include "symphony/cli/held_out_data.h"
#include "symphony/cli/music_files.h"
#include "symphony/cli/music_model.h"
#include "symphony/cli/verb.h"
#include "symphony/evaluate/comparison.h"
#include "symphony/evaluate/generated_report.h"
#include "symphony/evaluate/held_out.h"
#include "symphony/generate/composer.h"
#include "symphony/io/score_file.h"

#include <fmt/format.h>

#include <optional>

namespace symphony::cli {
namespace {

// The last bars of each piece, through the tokens, as takes come; shorter ones are left out.
evaluate::TakeSet read_take_set(const std::filesystem::path& place,
                                const tokens::Tokenizer& tokenizer, int bars,
                                base::Progress& progress) {
    std::vector<score::Score> pieces;
    for (const std::filesystem::path& file : music_files(place)) {
        const auto read = io::read_score_file(file);
        if (read)
            pieces.push_back(tokenizer.decode(tokenizer.encode(read.value().score).ids));
        else
            progress.note("left out: " + read.error().format());
    }
    evaluate::TakeSet set{place.string(), evaluate::last_bars_of(pieces, bars)};
    if (set.takes.empty())
        throw base::Error(base::ErrorKind::kInput,
                          fmt::format("no piece of {} bars can be read", bars), place,
                          "ask for fewer with --bars");
    return set;
}

class Evaluate : public Verb {
  public:
    void describe(base::OptionTable& table) override {
        auto& models = table.add("models", models_, "folders of models or of training runs");
        models.positional = true;
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
        table
            .add("music", music_,
                 "compare folders of music (takes, say) with real music instead of composing")
            .value_name = "DIR...";
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
        if (models_.empty() == music_.empty())
            throw base::Error(base::ErrorKind::kUsage,
                              models_.empty() ? "nothing to evaluate"
                                              : "got models and --music, expected one of them",
                              {}, "symphony evaluate runs/lstm --data data");
        if (!music_.empty()) {
            compare_music(context);
            return 0;
        }
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
        const generate::SamplerOptions asked = request_.sampler;
        std::vector<evaluate::TakeSet> sets;
        for (const MusicModel& model : models) {
            data.for_model(model);  // the tokens must fit before the work begins
            request_.unseen = model.unseen;
            request_.sampler = sampling_for(model, asked, *context.options);
            context.progress->begin("compose with " + model.name, excerpts_);
            evaluate::TakeSet set{model.name, {}};
            for (auto& take :
                 generate::compose([&] { return model.another(); }, *model.tokenizer, request_,
                                   excerpts_, context.threads, *context.progress))
                set.takes.push_back(std::move(take.score));
            context.progress->end();
            sets.push_back(std::move(set));
        }
        std::vector<Ground> grounds;
        for (const MusicModel& model : models)
            grounds.push_back({&data.for_model(model), model.tokenizer.get()});
        print_beside_real(sets, grounds, context);
    }

    // Music that is there already, set beside real music as takes are.
    void compare_music(const Context& context) const {
        const corpus::Dataset dataset = corpus::Dataset::open(data_);
        const auto tokenizer = tokens::tokenizer_from_json(dataset.tokenizer_json(),
                                                           dataset.folder() / "tokenizer.json");
        std::vector<evaluate::TakeSet> sets;
        for (const std::string& place : music_)
            sets.push_back(read_take_set(place, *tokenizer, request_.bars, *context.progress));
        print_beside_real(sets, std::vector<Ground>(sets.size(), {&dataset, tokenizer.get()}),
                          context);
    }

    // What a set is held against.
    struct Ground {
        const corpus::Dataset* dataset = nullptr;
        const tokens::Tokenizer* tokenizer = nullptr;
    };

    void print_beside_real(const std::vector<evaluate::TakeSet>& sets,
                           const std::vector<Ground>& grounds, const Context& context) const {
        const auto& [dataset, tokenizer] = grounds.front();
        auto report = evaluate::compare_generated(
            sets, evaluate::scores_of(*dataset, corpus::split_from_name(split_), *tokenizer),
            evaluate::scores_of(*dataset, corpus::Split::kTrain, *tokenizer), request_.bars);
        report.copying = look_for_copies(sets, grounds, context);
        report.split = split_;
        report.data = data_;
        if (context.json)
            context.print_json(evaluate::to_json(report));
        else
            context.print(format_table(report));
    }

    static std::vector<evaluate::CopyingSummary> look_for_copies(
        const std::vector<evaluate::TakeSet>& sets, const std::vector<Ground>& grounds,
        const Context& context) {
        std::vector<evaluate::CopyingSummary> summaries;
        std::optional<evaluate::CopyingJudge> judge;
        for (std::size_t s = 0; s < sets.size(); ++s) {
            if (s == 0 || grounds[s].dataset != grounds[s - 1].dataset)
                judge.emplace(*grounds[s].dataset, *grounds[s].tokenizer,
                              evaluate::kLeastCopiedNotes, context.threads, *context.progress);
            std::vector<evaluate::PieceCopying> takes;
            for (const score::Score& take : sets[s].takes)
                takes.push_back(judge->judge(sets[s].model, take));
            summaries.push_back(evaluate::summary_of(takes));
        }
        return summaries;
    }

    generate::Request request_{.sampler = generate::kMusicalSampling, .bars = 8};
    std::vector<std::string> models_, music_;
    std::string data_, split_ = "valid", precision_ = "float32";
    int excerpts_ = 0;
};

}  // namespace

VerbEntry evaluate_verb() {
    return {"evaluate",
            "how well models predict, or imitate, music they have not seen",
            {"symphony evaluate runs/ngram runs/lstm --data data --split valid",
             "symphony evaluate runs/lstm --data my-midi-folder --split test --json",
             "symphony evaluate runs/lstm --data data --excerpts 100 --bars 8",
             "symphony evaluate --music takes --data data --bars 8"},
            [] { return std::make_unique<Evaluate>(); }};
}

}  // namespace symphony::cli
