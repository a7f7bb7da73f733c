// symphony fidelity DIR: what each token scheme loses of these files, and which suits them.
#include "symphony/base/text.h"
#include "symphony/cli/verb.h"
#include "symphony/corpus/fidelity_audit.h"
#include "symphony/corpus/index_place.h"
#include "symphony/view/fidelity_page.h"

namespace symphony::cli {
namespace {

class Fidelity : public Verb {
  public:
    void describe(base::OptionTable& table) override {
        auto& folder = table.add("music", music_, "folder of MIDI, MusicXML or ABC files");
        folder.positional = folder.required = true;
        folder.value_name = "DIR";
        table
            .add("schemes", schemes_,
                 "token schemes, with options (remi+pedal), or tokenizer.json files, separated by "
                 "commas; all schemes if not given")
            .value_name = "NAMES";
        table.add("steps-per-quarter", options_.steps_per_quarter,
                  "grid of the schemes that have one; 0: their own choice", {0, 96});
        table.add("context", options_.context, "tokens that a model sees at once", {16, 1 << 24});
        table.add("pieces", options_.pieces, "so many pieces drawn by --seed; 0: all",
                  {0, 1 << 30});
        table.add("output", output_, "write a page with charts and tables here").value_name =
            "PAGE.html";
        index_.describe(table);
    }

    int run(const Context& context) override {
        for (const std::string& name : base::split(schemes_, ','))
            if (const std::string trimmed = base::trim(name); !trimmed.empty())
                options_.schemes.push_back(trimmed);
        options_.seed = static_cast<std::uint64_t>(context.seed);
        options_.index_file = index_.place(music_, *context.progress);
        const corpus::FidelityReport report =
            corpus::audit_fidelity(music_, options_, context.threads, *context.progress);
        if (context.json)
            context.print_json(corpus::to_json(report));
        else
            context.print(corpus::to_text(report));
        if (!output_.empty()) {
            view::write_fidelity_page(report, output_, *context.progress);
            context.progress->note("page: " + output_);
        }
        return 0;
    }

  private:
    corpus::FidelityOptions options_;
    corpus::IndexOptions index_;
    std::string music_, schemes_, output_;
};

}  // namespace

VerbEntry fidelity_verb() {
    return {"fidelity",
            "say what each token scheme loses of a folder of music, and which suits it",
            {"symphony fidelity my-midi-folder",
             "symphony fidelity songs --schemes remi,note,performance -o fidelity.html",
             "symphony fidelity piano --schemes remi,remi+micro-timing=7+pedal,aria-seconds",
             "symphony fidelity songs --schemes data/tokenizer.json",
             "symphony fidelity songs --json | jq .advice"},
            [] { return std::make_unique<Fidelity>(); }};
}

}  // namespace symphony::cli
