// What won on held-out pieces, in words from the numbers.
#include "symphony/view/html.h"
#include "symphony/view/report/section.h"

#include <fmt/format.h>

#include <algorithm>

namespace symphony::view {
namespace {

using evaluate::Verdict;

const evaluate::ModelLikelihood* likelihood_of(const evaluate::Evaluation& evaluation,
                                               const std::string& family) {
    for (const auto& model : evaluation.models)
        if (model.family == family) return &model;
    return nullptr;
}

// "It leaves the RNN behind, but cannot be told apart from the LSTM."
std::string against_others(const evaluate::Evaluation& evaluation, const std::string& best) {
    std::vector<std::string> beaten, level;
    for (const evaluate::PairComparison& pair : evaluation.pairs) {
        if (pair.first != best && pair.second != best) continue;
        const std::string& other = pair.first == best ? pair.second : pair.first;
        const bool won =
            pair.verdict == (pair.first == best ? Verdict::kFirstWon : Verdict::kSecondWon);
        if (won) beaten.push_back("the " + model_title(other));
        if (pair.verdict == Verdict::kCannotBeToldApart)
            level.push_back("the " + model_title(other));
    }
    std::string text;
    if (!beaten.empty())
        text += fmt::format("It predicts better than {}: each paired interval excludes zero. ",
                            join_words(beaten));
    if (!level.empty())
        text += fmt::format("From {} it cannot be told apart on these pieces. ", join_words(level));
    return text;
}

}  // namespace

std::string outcome_words(const ReportData& data) {
    if (!data.evaluation || data.evaluation->models.empty()) return {};
    const evaluate::Evaluation& evaluation = *data.evaluation;
    const std::string best = data.best_model();
    std::string text;
    for (std::size_t m = 0; m < evaluation.models.size(); ++m) {
        const evaluate::ModelLikelihood& model = evaluation.models[m];
        if (model.name != best) continue;
        text += fmt::format(
            "<p>On {} held-out pieces the {} has the fewest bits per note: {} (95 % interval {} to "
            "{}). It guesses {} of the tokens right where there is a choice, and {} of the "
            "pitches. ",
            model.pieces.size(), escape(model_title(best)),
            fixed(evaluation.bits_per_note[m].mean, 3), fixed(evaluation.bits_per_note[m].low, 3),
            fixed(evaluation.bits_per_note[m].high, 3), percent(model.accuracy().top1_share()),
            percent(model.pitch_accuracy().top1_share()));
    }
    text += escape(against_others(evaluation, best)) + "</p>";
    const evaluate::ModelLikelihood* ngram = likelihood_of(evaluation, "ngram");
    if (ngram && ngram->name != best)
        text += fmt::format(
            "<p>The tuned n-gram, which only counts, needs {} bits per note and guesses {} of the "
            "pitches.</p>",
            fixed(ngram->bits_per_note(), 3), percent(ngram->pitch_accuracy().top1_share()));
    if (ngram && ngram->name == best)
        text +=
            "<p>No neural model predicts these pieces better than counting does: there is too "
            "little music, or too little training.</p>";
    return text;
}

ReportSection outcome_section(ReportContext& context) {
    ReportSection section{"outcome", "What won", "What won, in words", ""};
    const ReportData& data = context.data;
    if (!data.evaluation || data.evaluation->models.empty()) {
        section.html = missing("Nothing can be said of who won: the models were not evaluated.");
        return section;
    }
    section.html = fmt::format("<p class=\"verdict\">{}</p>",
                               escape(with_model_titles(data.evaluation->conclusion)));
    section.html += outcome_words(data);
    if (data.pretraining) section.html += "<p>" + escape(pretraining_words(data)) + "</p>";
    if (data.base) section.html += "<p>" + escape(base_words(data)) + "</p>";
    if (data.generated && !data.generated->models.empty()) {
        const auto& models = data.generated->models;
        const auto nearest = std::max_element(
            models.begin(), models.end(),
            [](const auto& a, const auto& b) { return a.metrics_inside() < b.metrics_inside(); });
        section.html += fmt::format(
            "<p>Of what they compose, the {}'s lies nearest to real music: {} of {} measures have "
            "their median inside the band of the held-out pieces. {}</p>",
            escape(model_title(nearest->model)), nearest->metrics_inside(), nearest->metrics.size(),
            nearest->outside().empty()
                ? "None lies outside."
                : escape("Outside: " + join_words(nearest->outside()) + "."));
    }
    return section;
}

}  // namespace symphony::view
