// Does it pay to learn other music first? Major-key pieces (A) before minor ones (B), all scored on
// held-out B.
#include "symphony/view/html.h"
#include "symphony/view/report/arms.h"
#include "symphony/view/report/section.h"

#include <fmt/format.h>

#include <array>

namespace symphony::view {
namespace {

constexpr std::array<Arm, 4> kArms = {{
    {"minor-only", "B alone", "trained from scratch on the pieces in minor"},
    {"major-only", "A as it is", "trained on the pieces in major, never saw minor"},
    {"major-then-minor", "A, then B", "pre-trained on major, then tuned on minor"},
    {"major-and-minor", "A + B", "trained from scratch on both together"},
}};

}  // namespace

std::string pretraining_words(const ReportData& data) {
    const auto pair = pair_of(*data.pretraining, "minor-only", "major-then-minor");
    if (!pair) return with_model_titles(data.pretraining->conclusion);
    const double gain = pair->difference.mean;
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
    return bits_chart(context, with_arm_names(*context.data.pretraining, kArms), "pretraining",
                      "Held-out pieces in minor");
}

ReportSection pretraining_section(ReportContext& context) {
    ReportSection section{"pretraining", "Pre-training", "What pre-training is worth", ""};
    if (!context.data.pretraining) {
        section.html = missing(
            "Pre-training was not tried: <code>pretraining.json</code> is not "
            "there.");
        return section;
    }
    section.html =
        "<p>A: pieces in major; B: pieces in minor. Every arm is judged on the same "
        "held-out pieces in minor. “A, then B” spends half of its steps on each, so all "
        "but the second arm train equally long.</p>";
    section.html +=
        fmt::format("<p class=\"verdict\">{}</p>", escape(pretraining_words(context.data)));
    section.html += figure(pretraining_chart(context), "");
    section.html += arms_table(*context.data.pretraining, kArms, context.data.pretraining_runs,
                               "bits per note on held-out B");
    return section;
}

}  // namespace symphony::view
