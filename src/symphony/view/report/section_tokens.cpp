// The token scheme and what it could not hold.
#include "symphony/view/html.h"
#include "symphony/view/report/section.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace symphony::view {
namespace {

std::string loss_table(const corpus::Dataset& dataset) {
    std::map<std::string, std::int64_t> losses;
    std::int64_t notes = 0;
    for (const corpus::PieceInfo& piece : dataset.pieces()) {
        notes += piece.notes;
        for (const auto& [code, count] : piece.losses) losses[code] += count;
    }
    if (losses.empty())
        return fmt::format(
            "<p>Nothing was lost: every one of the {} notes became tokens and comes "
            "back from them.</p>",
            thousands(notes));
    Table table{.caption =
                    "What the scheme could not hold; it stays in the denominator of bits per "
                    "note",
                .headers = {"loss", "count", "per 100 notes"},
                .numeric = {false, true, true}};
    for (const auto& [code, count] : losses)
        table.rows_html.push_back(
            {"<code>" + escape(code) + "</code>", thousands(count),
             fixed(notes ? 100.0 * static_cast<double>(count) / static_cast<double>(notes) : 0,
                   2)});
    return format_table(table);
}

// Where most was lost: the pieces with the largest share of lost notes.
std::string worst_pieces(const corpus::Dataset& dataset) {
    constexpr std::size_t kShown = 5;
    struct Loss {
        const corpus::PieceInfo* piece;
        std::int64_t count;
        double share;
    };
    std::vector<Loss> worst;
    for (const corpus::PieceInfo& piece : dataset.pieces()) {
        std::int64_t count = 0;
        for (const auto& [code, lost] : piece.losses) count += lost;
        if (count > 0)
            worst.push_back({&piece, count,
                             static_cast<double>(count) /
                                 static_cast<double>(std::max<std::int64_t>(1, piece.notes))});
    }
    if (worst.empty()) return "";
    std::stable_sort(worst.begin(), worst.end(),
                     [](const Loss& a, const Loss& b) { return a.share > b.share; });
    const std::size_t pieces = worst.size();
    if (worst.size() > kShown) worst.resize(kShown);
    std::string items;
    for (const Loss& loss : worst)
        items += fmt::format("<li>{}: {} in {}</li>", escape(loss.piece->id), thousands(loss.count),
                             counted(loss.piece->notes, "note"));
    return fmt::format(
        "<p>{} of {} pieces lost something. The most, for their length:</p><ul>{}</ul>", pieces,
        dataset.pieces().size(), items);
}

}  // namespace

ReportSection tokens_section(ReportContext& context) {
    ReportSection section{"tokens", "Tokens", "Notes become tokens", ""};
    if (!context.data.dataset) {
        section.html = missing("The prepared data (<code>data/</code>) is not there.");
        return section;
    }
    const corpus::Dataset& dataset = *context.data.dataset;
    const base::Json& json = dataset.tokenizer_json();
    const std::string scheme = json.value("scheme", "");
    section.html = fmt::format(
        "<p>Scheme <strong>{}</strong>: {}</p>", escape(scheme),
        scheme == "remi" ? "bars and positions, then each note with its part, pitch, length and "
                           "dynamics; parts stay apart."
        : scheme == "note"
            ? "one stream of notes from high to low, each with pitch, length and quality: its "
              "dynamics and the chord it sounds in."
            : "as its tokenizer.json says.");
    section.html +=
        facts({{thousands(dataset.vocabulary_size()), "kinds of token (V)"},
               {fixed(std::log(dataset.vocabulary_size()), 3), "ln V, nats of a guess"},
               {std::to_string(json.value("steps_per_quarter", 0)), "steps a quarter"}});
    section.html += fmt::format("<p class=\"soft\">Data hash <code>{}</code></p>",
                                escape(dataset.hash().substr(0, 16)));
    section.html += loss_table(dataset) + worst_pieces(dataset);
    return section;
}

}  // namespace symphony::view
