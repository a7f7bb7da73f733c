// What Symphony's own pre-trained model is worth on this music: a transformer from scratch, the
// base as it is, the base tuned, all in the base's tokens and on the same held-out pieces.
#include "symphony/view/html.h"
#include "symphony/view/report/arms.h"
#include "symphony/view/report/section.h"

#include <fmt/format.h>

#include <array>

namespace symphony::view {
namespace {

constexpr std::array<Arm, 3> kArms = {{
    {"from-scratch", "from scratch", "a small transformer that saw only this music"},
    {"base", "the base as it is", "Symphony's own model, before it learned this music"},
    {"base-tuned", "the base, tuned", "Symphony's own model, tuned on this music"},
}};

}  // namespace

std::string base_words(const ReportData& data) {
    const auto pair = pair_of(*data.base, "from-scratch", "base-tuned");
    if (!pair) return with_model_titles(data.base->conclusion);
    const double gain = pair->difference.mean;
    if (pair->verdict == evaluate::Verdict::kNotComparable)
        return fmt::format("The arms are not comparable: {}.", pair->reason);
    if (pair->verdict == evaluate::Verdict::kCannotBeToldApart)
        return fmt::format(
            "Tuned, the base cannot be told from a transformer from scratch here: {:+.3f} bits per "
            "note, and the interval includes zero.",
            -gain);
    return fmt::format(
        "Starting from the base {} {:.3f} bits per note against a transformer from "
        "scratch.",
        gain > 0 ? "saves" : "costs", gain > 0 ? gain : -gain);
}

const std::string& base_chart(ReportContext& context) {
    return bits_chart(context, with_arm_names(*context.data.base, kArms), "base",
                      "Held-out pieces, in the base's tokens");
}

ReportSection base_section(ReportContext& context) {
    ReportSection section{"base", "The base", "What starting from Symphony's base is worth", ""};
    if (!context.data.base) {
        section.html = missing("The base was not tried: <code>base.json</code> is not there.");
        return section;
    }
    section.html =
        "<p>The base writes chords and notes told ahead into its tokens, so its bits are not those "
        "of the comparison above; here all arms use its tokens.</p>";
    section.html += fmt::format("<p class=\"verdict\">{}</p>", escape(base_words(context.data)));
    section.html += figure(base_chart(context), "");
    section.html +=
        arms_table(*context.data.base, kArms, context.data.base_runs, "bits per note, held out");
    return section;
}

}  // namespace symphony::view
