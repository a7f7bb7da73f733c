// The corpus and its account, and how it was split.
#include "symphony/view/explore_page.h"
#include "symphony/view/html.h"
#include "symphony/view/report/section.h"

#include <fmt/format.h>

#include <array>

namespace symphony::view {
namespace {

std::string split_table(const corpus::Dataset& dataset) {
    Table table{.caption = "Split by groups: works, duplicates and shared tunes never straddle",
                .headers = {"part", "pieces", "groups", "notes", "tokens as written"},
                .numeric = {false, true, true, true, true}};
    for (int s = 0; s < corpus::kSplits; ++s) {
        const auto split = static_cast<corpus::Split>(s);
        std::map<std::string, int> groups;
        std::int64_t notes = 0, tokens = 0;
        const auto pieces = dataset.pieces_of(split);
        for (const int index : pieces) {
            const corpus::PieceInfo& piece = dataset.pieces()[static_cast<std::size_t>(index)];
            ++groups[piece.group];
            notes += piece.notes;
            if (!piece.sequences.empty())
                tokens += static_cast<std::int64_t>(
                    dataset.sequences(split)[static_cast<std::size_t>(piece.sequences[0])].length);
        }
        static constexpr std::array kNames = {"train", "valid (selects and stops)",
                                              "test (judges, once)"};
        table.rows_html.push_back({kNames[static_cast<std::size_t>(s)],
                                   thousands(static_cast<std::int64_t>(pieces.size())),
                                   thousands(static_cast<std::int64_t>(groups.size())),
                                   thousands(notes), thousands(tokens)});
    }
    return format_table(table);
}

}  // namespace

ReportSection corpus_section(ReportContext& context) {
    ReportSection section{"corpus", "Corpus", "The music that was learned", ""};
    const ReportData& data = context.data;
    if (data.corpus) {
        const corpus::CorpusReport& corpus = *data.corpus;
        section.html += fmt::format("<p>From <code>{}</code>:</p>", escape(corpus.root));
        section.html += facts({{thousands(corpus.pieces), "pieces"},
                               {thousands(corpus.notes), "notes"},
                               {span_of_time(3600 * corpus.hours), "of music"},
                               {thousands(corpus.groups), "unrelated groups"}});
        section.html += account_html(corpus.account);
        section.html += "<h3>What can be learned, and what cannot</h3>" + remarks_html(corpus);
    } else {
        section.html += missing(
            "The corpus was not explored: <code>explore.json</code> is not "
            "there.");
    }
    if (data.dataset)
        section.html += "<h3>What was held out</h3>" + split_table(*data.dataset);
    else
        section.html += missing(
            "The prepared data (<code>data/</code>) is not there, so the split "
            "cannot be shown.");
    if (data.corpus) {
        const std::array<std::string, 6> names = {"pitch-class",  "pitch",    "duration",
                                                  "bar-position", "interval", "chord-quality"};
        section.html +=
            "<h3>Its shape</h3>" + distribution_charts_html(*data.corpus, names, context.figures(),
                                                            context.threads, context.progress);
    }
    return section;
}

}  // namespace symphony::view
