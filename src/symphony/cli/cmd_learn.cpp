// symphony learn DIR: explore, prepare, train, evaluate, compose and report in one go.
#include "symphony/base/error.h"
#include "symphony/cli/base_model.h"
#include "symphony/cli/journey.h"

#include <fmt/format.h>

namespace symphony::cli {
namespace {

class Learn : public Verb {
  public:
    void describe(base::OptionTable& table) override {
        auto& folder = table.add("music", music_, "folder of MIDI, MusicXML or ABC files");
        folder.positional = folder.required = true;
        folder.value_name = "DIR";
        table.add("output", output_, "folder for all that is made").value_name = "DIR";
        table
            .add("models", models_, "models to train, in this order",
                 {"ngram", "rnn", "lstm", "transformer"})
            .value_name = "NAME...";
        table.add("scheme", options_.scheme, "token scheme", {"remi", "note"});
        table.add("minutes", options_.minutes_per_model,
                  "most minutes of training per model, 0: until done", {0, 1e6});
        table.add("tokens", options_.tokens_per_model, "tokens that each network is trained on",
                  {1, 1e15});
        table.add("transpose", options_.transpose,
                  "networks learn every transposition: pays with several times the tokens");
        table.add("base", options_.base,
                  "also tune Symphony's own pre-trained model on the music, beside a transformer "
                  "from scratch");
        table.add("takes", options_.takes, "takes composed by each model", {1, 1000});
        table.add("bars", options_.bars, "bars of each take", {1, 1000});
        table.add("excerpts", options_.excerpts,
                  "composed excerpts compared with real ones, 0: none", {0, 10000});
        table.add("tempo", options_.tempo,
                  "quarters a minute where the music gives none, 0: as the named corpus says",
                  {0, 1000});
        table.add("no-audio", no_audio_, "no WAV files, no sound in the report");
    }

    int run(const Context& context) override {
        options_.audio = !no_audio_;
        if (options_.base && base_model().empty())
            throw base::Error(base::ErrorKind::kUsage, "Symphony's own model is not installed", {},
                              "leave --base out, or run the program of a whole clone");
        options_.music = music_;
        options_.folder = output_;
        if (!models_.empty()) options_.models = models_;
        run_journey(plan_learning(options_), context);
        print_outcome(options_, context);
        return 0;
    }

  private:
    LearnPlanOptions options_;
    std::string music_, output_ = "music-output";
    std::vector<std::string> models_;
    bool no_audio_ = false;
};

}  // namespace

VerbEntry learn_verb() {
    return {"learn",
            "learn a folder of music: explore, prepare, train, evaluate, compose, report",
            {"symphony learn my-midi-folder",
             "symphony learn songs -o songs-output --models lstm ngram --minutes 10"},
            [] { return std::make_unique<Learn>(); }};
}

}  // namespace symphony::cli
