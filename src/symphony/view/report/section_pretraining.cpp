// Does it pay to learn other music first? Major-key pieces (A) before minor ones (B), all scored on
// held-out B.
#include "symphony/view/html.h"
#include "symphony/view/report/section.h"

#include <fmt/format.h>

#include <array>

namespace symphony::view {
namespace {

struct Arm {
    const char *run, *name, *what;
};
constexpr std::array<Arm, 4> kArms = {{
    {"minor-only", "B alone", "trained from scratch on the pieces in minor"},
    {"major-only", "A as it is", "trained on the pieces in major, never saw minor"},
    {"major-then-minor", "A, then B", "pre-trained on major, then tuned on minor"},
    {"major-and-minor", "A + B", "trained from scratch on both together"},
}};

const Arm* arm_of(const std::string& run) {
    for (const Arm& arm : kArms)
        if (run == arm.run) return &arm;
    return nullptr;
}

}  // namespace

std::string pretraining_words(const ReportData& data) {
    const evaluate::PairComparison* pair = nullptr;
    for (const evaluate::PairComparison& one : data.pretraining->pairs)
        if ((one.first == "minor-only" && one.second == "major-then-minor") ||
            (one.first == "major-then-minor" && one.second == "minor-only"))
            pair = &one;
    if (!pair) return with_model_titles(data.pretraining->conclusion);
    const double gain = (pair->first == "minor-only" ? 1 : -1) * pair->difference.mean;
    if (pair->verdict == evaluate::Verdict::kCannotBeToldApart)
        return fmt::format(
            "Whether pre-training pays cannot be told here: learning major first, then minor, "
            "changes held-out minor pieces by {:+.3f} bits per note against minor alone, and the "
            "interval includes zero.",
            -gain);
    if (pair->verdict == evaluate::Verdict::kNotComparable)
        return fmt::format("The arms are not comparable: {}.", pair->reason);
    return gain > 0 ? fmt::format(
                          "Pre-training pays: learning major first saves {:.3f} bits per note on "
                          "held-out minor pieces, at equal total steps.",
                          gain)
                    : fmt::format(
                          "Pre-training does not pay: learning major first costs {:.3f} bits per "
                          "note on held-out minor pieces, at equal total steps.",
                          -gain);
}

const std::string& pretraining_chart(ReportContext& context) {
    evaluate::Evaluation named = *context.data.pretraining;
    for (evaluate::ModelLikelihood& model : named.models)
        if (const Arm* arm = arm_of(model.name)) model.name = arm->name;
    return bits_chart(context, named, "pretraining", "Held-out pieces in minor");
}

ReportSection pretraining_section(ReportContext& context) {
    ReportSection section{"pretraining", "Pre-training", "What pre-training is worth", ""};
    if (!context.data.pretraining) {
        section.html = missing(
            "Pre-training was not tried: <code>pretraining.json</code> is not "
            "there.");
        return section;
    }
    const evaluate::Evaluation& evaluation = *context.data.pretraining;
    Table table{
        .headers = {"arm", "what it is", "steps", "bits per note on held-out B", "pitch right"},
        .numeric = {false, false, true, true, true}};
    for (std::size_t m = 0; m < evaluation.models.size(); ++m) {
        const evaluate::ModelLikelihood& model = evaluation.models[m];
        const Arm* arm = arm_of(model.name);
        std::int64_t steps = 0;
        for (const RunLog& run : context.data.pretraining_runs)
            if (run.name == model.name) steps = run.steps;
        const evaluate::Interval& bits = evaluation.bits_per_note[m];
        table.rows_html.push_back({escape(arm ? arm->name : model.name),
                                   escape(arm ? arm->what : ""), steps ? thousands(steps) : "–",
                                   fmt::format("{} <small>{} to {}</small>", fixed(bits.mean, 3),
                                               fixed(bits.low, 3), fixed(bits.high, 3)),
                                   percent(model.pitch_accuracy().top1_share())});
    }
    section.html =
        "<p>A: pieces in major; B: pieces in minor. Every arm is judged on the same "
        "held-out pieces in minor. “A, then B” spends half of its steps on each, so all "
        "but the second arm train equally long.</p>";
    section.html +=
        fmt::format("<p class=\"verdict\">{}</p>", escape(pretraining_words(context.data)));
    section.html += figure(pretraining_chart(context), "");
    section.html += format_table(table);
    return section;
}

}  // namespace symphony::view
