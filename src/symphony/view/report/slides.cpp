#include "symphony/view/report/slides.h"

#include "symphony/view/assets.h"
#include "symphony/view/distribution_chart.h"
#include "symphony/view/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace symphony::view {
namespace {

class Deck {
  public:
    void add(const std::string& heading, const std::string& body, const std::string& kind = {}) {
        slides_.push_back(fmt::format(
            "<section class=\"slide {0}\" aria-label=\"Slide {1}\"><{2}>{3}</{2}><div "
            "class=\"body\">{4}</div><div class=\"number\">{1}</div></section>\n",
            kind, slides_.size() + 1, slides_.empty() ? "h1" : "h2", escape(heading), body));
    }
    std::string text() const {
        std::string all = "<main>";
        for (const std::string& slide : slides_) all += slide;
        return all + "</main>";
    }

  private:
    std::vector<std::string> slides_;
};

void cover(Deck& deck, ReportContext& context, const std::string& title) {
    const ReportData& data = context.data;
    std::vector<std::string> models;
    for (const RunLog& run : data.runs) models.push_back(model_title(run.name));
    std::string body;
    if (!models.empty())
        body += fmt::format("<p>{} learn music from {}.</p>", escape(join_words(models)),
                            data.corpus ? counted(data.corpus->pieces, "piece") : "the same data");
    const auto composing = data.composing_models();
    if (!composing.empty()) {
        const TakeFile& take = *data.first_take(composing[0]);
        body += figure(format_piano_roll(take.score, {.title = " ",
                                                      .subtitle = " ",
                                                      .quarters_per_line = 48,
                                                      .bars = 12,
                                                      .legend = false,
                                                      .dress = Dress::kPage}),
                       fmt::format("Composed by the {}", escape(model_title(take.model))));
    }
    deck.add(title, body, "cover");
}

void music(Deck& deck, ReportContext& context) {
    if (!context.data.corpus) return;
    const corpus::CorpusReport& corpus = *context.data.corpus;
    std::string body = facts({{thousands(corpus.pieces), "pieces"},
                              {thousands(corpus.notes), "notes"},
                              {span_of_time(3600 * corpus.hours), "of music"},
                              {thousands(corpus.groups), "unrelated groups"}});
    body += "<p class=\"soft\">" + escape(corpus.account.sentence()) + "</p><div class=\"pair\">";
    for (const char* name : {"pitch", "duration"})
        if (const auto* one = corpus.distribution(name); one && one->total > 0)
            body +=
                figure(context.chart(std::string("corpus-") + name, distribution_chart(*one)), "");
    deck.add("The music", body + "</div>");

    std::string limits;
    int shown = 0;
    for (const corpus::Remark& remark : corpus.remarks)
        if (remark.limit && shown++ < 5) limits += "<li>" + escape(remark.text) + "</li>";
    if (!limits.empty()) deck.add("What cannot be learned from it", "<ul>" + limits + "</ul>");
}

bool has_curves(const ReportData& data) {
    return std::any_of(data.runs.begin(), data.runs.end(),
                       [](const RunLog& run) { return run.valid.size() > 1; });
}

void learning(Deck& deck, ReportContext& context) {
    if (!has_curves(context.data)) return;
    deck.add("How they learned", figure(loss_chart(context),
                                        "Grey: guessing, counting tokens, "
                                        "and the tuned n-gram."));
    deck.add("How often the next token is guessed right", figure(accuracy_chart(context), ""));
}

void comparison(Deck& deck, ReportContext& context) {
    if (!context.data.evaluation) return;
    deck.add("Who predicts unseen music best",
             figure(bits_chart(context, *context.data.evaluation, "bits",
                               "Bits per note on held-out music"),
                    ""));
    deck.add("In numbers", comparison_table(context, true));
}

void composed(Deck& deck, ReportContext& context) {
    const ReportData& data = context.data;
    if (data.generated && !data.generated->models.empty()) {
        std::string body = "<div class=\"pair four\">";
        for (const std::string& chart : metric_charts(context, 4)) body += figure(chart, "");
        deck.add("Composed beside real", body + "</div>");
    }
    const auto models = data.composing_models();
    if (models.empty()) return;
    const TakeFile& take = *data.first_take(models[0]);
    std::string body;
    if (context.audio) body += player(take_clip(take), "The first take");
    body += figure(format_piano_roll(take.score, {.title = " ",
                                                  .subtitle = " ",
                                                  .quarters_per_line = 34,
                                                  .roll_height_px = 170,
                                                  .bars = 16,
                                                  .dress = Dress::kPage}),
                   "Orange: melody; green: harmony; blue: bass.");
    deck.add("Listen: a take of the " + model_title(take.model), body);
}

void voices(Deck& deck, ReportContext& context) {
    const auto models = context.data.composing_models();
    if (models.empty()) return;
    const TakeFile& take = *context.data.first_take(models[0]);
    RollOptions options{.title = " ",
                        .subtitle = " ",
                        .quarters_per_line = 34,
                        .roll_height_px = 190,
                        .bars = 16,
                        .dress = Dress::kPage};
    options.marks = voice_leading_marks(take.score);
    if (options.marks.empty()) return;
    deck.add("What a teacher would mark", figure(format_piano_roll(take.score, options),
                                                 "Parallels, crossings, ranges and leaps; real "
                                                 "Bach has some too: see the report."));
}

// Both experiments on one slide; the chart is that of the base where it was tried.
void pretraining(Deck& deck, ReportContext& context) {
    const ReportData& data = context.data;
    if (!data.pretraining && !data.base) return;
    std::string html;
    if (data.base) html += "<p class=\"verdict\">" + escape(base_words(data)) + "</p>";
    if (data.pretraining)
        html += "<p class=\"verdict\">" + escape(pretraining_words(data)) + "</p>";
    html += figure(data.base ? base_chart(context) : pretraining_chart(context), "");
    deck.add("Does pre-training pay?", html);
}

}  // namespace

std::string format_slides(ReportContext& context, const std::string& title) {
    const ReportData& data = context.data;
    Deck deck;
    cover(deck, context, title);
    music(deck, context);
    learning(deck, context);
    comparison(deck, context);
    pretraining(deck, context);
    composed(deck, context);
    voices(deck, context);
    const std::string words = outcome_words(data);
    if (!words.empty())
        deck.add("What won", "<p class=\"verdict\">" +
                                 escape(with_model_titles(data.evaluation->conclusion)) + "</p>" +
                                 words);
    return format_document(title, assets::slides_css, assets::slides_js, deck.text());
}

}  // namespace symphony::view
