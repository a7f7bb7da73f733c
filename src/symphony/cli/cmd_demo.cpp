// symphony demo: the whole journey on Bach's four-part chorales (or, without them, on OpenTTD's
// game music).
#include "symphony/base/error.h"
#include "symphony/base/process.h"
#include "symphony/base/stop_signal.h"
#include "symphony/base/text.h"
#include "symphony/cli/base_model.h"
#include "symphony/cli/journey.h"
#include "symphony/cli/sibling.h"

#include <fmt/format.h>

namespace symphony::cli {
namespace {

struct DemoCorpus {
    std::string name, description;
    bool has_both_modes;
};

const DemoCorpus kChorales{"bach-chorales", "Bach's four-part chorales", true};
const DemoCorpus kGameMusic{"openmsx", "the game music of OpenTTD", false};

class Demo : public Verb {
  public:
    void describe(base::OptionTable& table) override {
        table.add("output", output_, "folder for all that is made").value_name = "DIR";
        table.add("steps-percent", steps_percent_, "training steps, as a share of the demo's own",
                  {1, 10000});
        table.add("excerpts", options_.excerpts,
                  "composed excerpts compared with real ones, 0: none", {0, 10000});
        table.add("takes", options_.takes, "takes composed by each model", {1, 1000});
    }

    int run(const Context& context) override {
        const DemoCorpus& corpus = get_corpus(context);
        context.progress->note(
            fmt::format("symphony demo: three models and a baseline learn {} ({})",
                        corpus.description, corpus.name));
        options_.folder = output_;
        options_.pretraining = corpus.has_both_modes;
        options_.base = !base_model().empty();
        options_.tokens_per_model = kTokensPerModel * steps_percent_ / 100;
        options_.pretraining_steps = std::max(6, kPretrainingSteps * steps_percent_ / 100);
        run_journey(plan_learning(options_), context);
        print_outcome(options_, context);
        context.progress->note(fmt::format("That was {} ({}).", corpus.description, corpus.name));
        return 0;
    }

  private:
    // Counted so that the whole demo takes at most ten minutes on two cores (docs/benchmarks.md).
    static constexpr std::int64_t kTokensPerModel = 2'457'600;
    static constexpr int kPretrainingSteps = 480;

    // Fetches the chorales, else the game music; sets options_.music.
    const DemoCorpus& get_corpus(const Context& context) {
        for (const DemoCorpus* corpus : {&kChorales, &kGameMusic}) {
            base::ProcessOptions options;
            options.timeout = std::chrono::minutes(30);
            options.inherit_errors = true;
            const auto result = base::run_process({own_program(), "corpus", "get", corpus->name,
                                                   "--json", "--progress", context.progress_style},
                                                  options);
            base::throw_if_stop_requested();
            if (result.exit_code != 0) continue;
            options_.music =
                base::parse_json(result.output).value().at("folder").get<std::string>();
            return *corpus;
        }
        throw base::Error(base::ErrorKind::kInput,
                          "neither the chorales nor the game music could be fetched", {},
                          "with a folder of your own music, type: ./symphony learn FOLDER");
    }

    LearnPlanOptions options_;
    std::string output_ = "music-output";
    int steps_percent_ = 100;
};

}  // namespace

VerbEntry demo_verb() {
    return {"demo",
            "learn Bach's chorales with three models and compose, in about ten minutes",
            {"symphony demo",
             "symphony demo -o longer-demo --steps-percent 300   three times the training"},
            [] { return std::make_unique<Demo>(); }};
}

}  // namespace symphony::cli
