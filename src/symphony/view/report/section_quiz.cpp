// Bach or bot? Ten blind excerpts: listen, guess, reveal, score.
#include "symphony/base/parallel.h"
#include "symphony/score/general_midi.h"
#include "symphony/view/html.h"
#include "symphony/view/report/section.h"

#include <fmt/format.h>

namespace symphony::view {
namespace {

std::string item_html(std::size_t index, const QuizItem& item, const Clip& clip, bool bach) {
    const std::string roll = format_piano_roll(item.score, {.title = " ",
                                                            .subtitle = " ",
                                                            .width_px = 560,
                                                            .quarters_per_line = 40,
                                                            .roll_height_px = 130,
                                                            .legend = false,
                                                            .dress = Dress::kPage});
    return fmt::format(
        "<li data-truth=\"{0}\" data-from=\"{1}\"><h3>Excerpt {2}</h3>{3}\n"
        "<div class=\"row\" role=\"group\" aria-label=\"Your guess for excerpt {2}\">"
        "<button type=\"button\" value=\"real\" aria-pressed=\"false\">{4}</button>"
        "<button type=\"button\" value=\"bot\" aria-pressed=\"false\">Bot</button></div>"
        "<div class=\"truth\" aria-live=\"polite\"></div><div class=\"roll\">{5}</div></li>\n",
        item.real ? "real" : "bot", escape(item.source), index + 1,
        player(clip, fmt::format("Excerpt {}", index + 1)), bach ? "Bach" : "Human", roll);
}

}  // namespace

ReportSection quiz_section(ReportContext& context) {
    const bool bach = context.data.is_bach();
    ReportSection section{"quiz", bach ? "Bach or bot?" : "Human or bot?",
                          bach ? "Bach or bot?" : "Human or bot?", ""};
    if (!context.audio) {
        section.html = missing(
            "There is no blind test here: sounds were not wanted, or fluidsynth and "
            "fluidr3mono-gm-soundfont are not installed.");
        return section;
    }
    const std::vector<QuizItem> items = choose_quiz(context.data, context.seed);
    if (items.empty()) {
        section.html = missing(context.data.held_out.empty()
                                   ? "There is no blind test: no held-out piece could be read."
                                   : "There is no blind test: no model has composed yet.");
        return section;
    }
    std::vector<Clip> clips(items.size());
    base::parallel_stage(
        context.progress, "blind test: sound", items.size(), context.threads, [&](std::size_t i) {
            clips[i] = render_clip(items[i].score,
                                   context.listening() / fmt::format("excerpt-{:02}.wav", i + 1));
        });

    section.html = fmt::format(
        "<p>{} excerpts: some were written by {} and kept from the models, the others "
        "were composed by the models of this page. All have the same instrument ({}), velocity, "
        "loudness and tempo ({:.0f} quarters a minute), so that only the notes can tell. Listen, "
        "guess, then reveal.</p>\n<p class=\"printonly\">The test needs ears: open this page in a "
        "browser.</p>\n<ol class=\"quiz\">\n",
        items.size(), bach ? "Bach" : "people", score::program_name(common_program(context.data)),
        common_tempo(context.data));
    for (std::size_t i = 0; i < items.size(); ++i)
        section.html += item_html(i, items[i], clips[i], bach);
    section.html += fmt::format(
        "</ol>\n<p class=\"score\" role=\"status\">0 of {} guessed.</p>\n"
        "<p class=\"noprint\"><button type=\"button\" id=\"reveal\">Reveal and score</button> "
        "<button type=\"button\" id=\"again\">Again</button></p>\n",
        items.size());
    return section;
}

}  // namespace symphony::view
