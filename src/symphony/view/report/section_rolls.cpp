// Each model's first take: its roll by role, and how it sounds.
#include "symphony/view/html.h"
#include "symphony/view/report/section.h"

#include <fmt/format.h>

namespace symphony::view {
namespace {

std::string said_of(const TakeFile& take) {
    std::string text =
        fmt::format("Take {}: {}", take.number,
                    counted(static_cast<std::int64_t>(take.score.note_count()), "note"));
    if (take.info.contains("seed") && take.info["seed"].is_number_integer())
        text += fmt::format(", seed {}", take.info["seed"].get<std::int64_t>());
    for (const char* rule : {"velocity", "tempo"})
        if (take.info.contains(rule) && take.info[rule].is_string())
            text += fmt::format("; {}: {}", rule, take.info[rule].get<std::string>());
    return text + ".";
}

}  // namespace

ReportSection rolls_section(ReportContext& context) {
    ReportSection section{"takes", "Takes", "What they composed", ""};
    const auto models = context.data.composing_models();
    if (models.empty()) {
        section.html = missing("No model has composed yet: there is no <code>take-1.mid</code>.");
        return section;
    }
    section.html =
        "<p>The first take of each model, the best predictor first. Colours and shapes are roles: "
        "melody has round ends, bass is square, harmony is thinner, drums are diamonds; paler is "
        "softer.</p>";
    context.progress.begin("takes: sound", static_cast<std::int64_t>(models.size()));
    std::int64_t done = 0;
    for (const std::string& model : models) {
        const TakeFile& take = *context.data.first_take(model);
        section.html += "<h3>" + model_key(model) + "</h3>";
        if (context.audio && context.take_players)
            section.html += player(take_clip(take), model_title(model) + ", take 1");
        section.html +=
            figure(format_piano_roll(take.score, {.title = " ", .bars = 40, .dress = Dress::kPage}),
                   escape(said_of(take)));
        context.progress.update(++done);
    }
    context.progress.end();
    section.html +=
        fmt::format("<p>All takes lie beside this page as MIDI, with their settings, in {}.</p>",
                    "<code>" + escape(join_words(models)) + "</code>");
    return section;
}

}  // namespace symphony::view
