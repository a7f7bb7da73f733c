#include "symphony/view/fidelity_tables.h"

#include "symphony/view/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace symphony::view {
namespace {

using corpus::FidelityReport;
using corpus::grid_of;
using corpus::in_percent;
using corpus::SchemeAudit;
using tokens::Kept;
using tokens::share;

constexpr const char* kNothing = "<span class=\"soft\">–</span>";

// Text, the redder the larger the share that is lost; small ones show already.
std::string reddened(double lost, const std::string& text) {
    if (lost <= 0) return text;
    return fmt::format("<span class=\"lost\" style=\"--lost:{:.1f}%\">{}</span>",
                       55 * std::sqrt(lost), text);
}

// A share in %; a dash where there was nothing to keep.
std::string kept_cell(std::int64_t kept, std::int64_t all) {
    if (all == 0) return kNothing;
    return reddened(1 - share(kept, all), escape(in_percent(kept, all)));
}
std::string kept_cell(const Kept& kept) { return kept_cell(kept.kept, kept.all); }

// The same of what should not be.
std::string lost_cell(std::int64_t lost, std::int64_t all) {
    if (lost == 0) return "<span class=\"soft\">0</span>";
    return reddened(std::min(1.0, share(lost, all)), escape(in_percent(lost, all)));
}

// A number with its part of the largest as a stroke before it.
std::string stroke_cell(double value, double largest, const std::string& text) {
    return fmt::format(
        "<span class=\"stroke\" style=\"--w:{:.1f}%\"></span><span "
        "class=\"after\">{}</span>",
        largest > 0 ? 100 * value / largest : 0, text);
}

// The name as a row's heading: broken between words only, the most faithful one in bold.
std::string name_cell(const FidelityReport& report, const SchemeAudit& audit) {
    std::string words;
    for (const char c : escape(audit.scheme))
        words += c == '+' ? "</span><wbr><span class=\"word\">+" : std::string(1, c);
    return fmt::format("<span{}><span class=\"word\">{}</span></span>",
                       audit.scheme == report.most_faithful ? " class=\"best\"" : "", words);
}

// What becomes of the notes, as one bar a scheme.
constexpr std::array<std::pair<const char*, const char*>, 4> kFates{{{"harmony", "alike"},
                                                                     {"harmony-2", "kept, changed"},
                                                                     {"melody-2", "merged"},
                                                                     {"mark", "dropped"}}};

}  // namespace

std::string files_html(const FidelityReport& report) {
    const corpus::TimingFacts& facts = report.facts;
    Table grids{.caption = "Onsets that lie on a grid of so many steps a quarter, in %",
                .headers = {"grid"},
                .numeric = std::vector<bool>(corpus::kGrids.size() + 1, true)};
    grids.numeric[0] = false;
    std::vector<std::string> row{"onsets"};
    for (const int steps : corpus::kGrids) {
        grids.headers.push_back(std::to_string(steps));
        row.push_back(kept_cell(facts.on(steps), facts.notes));
    }
    grids.rows_html.push_back(row);
    const auto pieces = [&](std::int64_t count) {
        return fmt::format("{} of {}", thousands(count), thousands(facts.pieces));
    };
    return format_table(grids) +
           view::facts({{thousands(facts.different_velocities()), "velocities"},
                        {thousands(facts.tempo_changes), "changes of tempo"},
                        {pieces(facts.pieces_with_drums), "pieces with drums"},
                        {pieces(facts.pieces_with_pedal), "with sustain pedal"},
                        {pieces(facts.pieces_with_controls), "with volume, pan or expression"},
                        {pieces(facts.pieces_with_upbeat), "with an upbeat"}});
}

std::string fates_html(const FidelityReport& report, const Audits& audits) {
    Table table{.headers = {"scheme", ""}, .numeric = {false, false}};
    for (const SchemeAudit* audit : audits) {
        const tokens::Fidelity& f = audit->counts;
        const std::array<std::int64_t, 4> counts{f.alike, f.kept - f.alike, f.merged, f.dropped};
        std::string bar;
        for (std::size_t i = 0; i < kFates.size(); ++i)
            bar += fmt::format(
                "<span style=\"width:{:.3f}%;background:var(--{})\" title=\"{} {} %\"></span>",
                100 * share(counts[i], f.notes), kFates[i].first, kFates[i].second,
                escape(in_percent(counts[i], f.notes)));
        table.rows_html.push_back({name_cell(report, *audit),
                                   "<div class=\"bar\" aria-hidden=\"true\">" + bar + "</div>"});
    }
    std::string swatches;
    for (const auto& [color, name] : kFates)
        swatches +=
            fmt::format("<span><span class=\"key\" style=\"background:var(--{})\"></span>{}</span>",
                        color, name);
    return fmt::format(
        "<div class=\"fates\">{}</div><div class=\"swatches\">{}</div>"
        "<p><small>Alike: kept, moved by at most 10 ms, length within 10 ms or 5 %, the same "
        "instrument, velocity within 8. Merged: its pitch sounds there, but is not struck. Added: "
        "came "
        "back without having been there, such as notes that moved by more than a beat.</small></p>",
        format_table(table), swatches);
}

std::string notes_table(const FidelityReport& report, const Audits& audits) {
    Table table{.caption = "What comes back of the notes, in % of what was there",
                .headers = {"scheme", "alike", "kept", "merged", "dropped", "added", "in place",
                            "length", "velocity", "instrument", "drums"},
                .numeric = std::vector<bool>(11, true)};
    table.numeric[0] = false;
    for (const SchemeAudit* audit : audits) {
        const tokens::Fidelity& f = audit->counts;
        table.rows_html.push_back(
            {name_cell(report, *audit), kept_cell(f.alike, f.notes), kept_cell(f.kept, f.notes),
             lost_cell(f.merged, f.notes), lost_cell(f.dropped, f.notes),
             lost_cell(f.added, f.notes), kept_cell(f.moved[0], f.kept), kept_cell(f.lengths),
             kept_cell(f.velocities), kept_cell(f.programs), kept_cell(f.drums)});
    }
    return format_table(table);
}

std::string context_table(const FidelityReport& report, const Audits& audits) {
    Table table{.caption = "What comes back around the notes, in % of what was there",
                .headers = {"scheme", "tempo", "off by", "metre", "key", "pedal", "controls",
                            "bends", "programs"},
                .numeric = std::vector<bool>(9, true)};
    table.numeric[0] = false;
    for (const SchemeAudit* audit : audits) {
        const tokens::Fidelity& f = audit->counts;
        const bool runs_alike = audit->clock == tokens::Clock::kBeats && f.tempos.all > 0;
        table.rows_html.push_back(
            {name_cell(report, *audit), kept_cell(f.tempos),
             runs_alike ? fixed(100 * f.tempo_difference / static_cast<double>(f.tempos.all), 1)
                        : kNothing,
             kept_cell(f.meters), kept_cell(f.keys), kept_cell(f.pedals), kept_cell(f.controls),
             kept_cell(f.bends), kept_cell(f.program_changes)});
    }
    return format_table(table) +
           "<p><small>Tempo: within 3 %, and on average off by so many %; schemes that count "
           "seconds "
           "keep how long things last and forget the beat. Pedal, controls, bends and programs: "
           "changes that come back near in time and value.</small></p>";
}

std::string cost_table(const FidelityReport& report, const Audits& audits) {
    Table table{
        .headers = {"scheme", "tokens a note", "tokens a second", "vocabulary", "longest piece",
                    fmt::format("cut by {}", thousands(report.context)), "finest step"},
        .numeric = {false, true, true, true, true, true, true}};
    double most = 0;
    for (const SchemeAudit* audit : audits)
        most = std::max(most, share(audit->tokens, audit->counts.notes));
    for (const SchemeAudit* audit : audits) {
        const double tokens_a_note = share(audit->tokens, audit->counts.notes);
        table.rows_html.push_back(
            {name_cell(report, *audit), stroke_cell(tokens_a_note, most, fixed(tokens_a_note, 2)),
             report.seconds() > 0 ? fixed(static_cast<double>(audit->tokens) / report.seconds(), 1)
                                  : kNothing,
             thousands(audit->vocabulary), thousands(audit->longest),
             fmt::format("{} of {}", thousands(audit->cut_sequences), thousands(audit->sequences)),
             grid_of(*audit)});
    }
    return format_table(table);
}

std::string moved_edge(std::size_t bin) {
    if (bin == 0) return "in place";
    return bin < tokens::kMovedEdgesMs.size() ? fmt::format("{:g}", tokens::kMovedEdgesMs[bin])
                                              : fmt::format("> {:g}", tokens::kMovedEdgesMs.back());
}

std::string moved_table(const FidelityReport& report, const Audits& audits) {
    Table table{.caption = "Kept notes by how far they moved, in %; columns: up to so many ms",
                .headers = {"scheme"},
                .numeric = std::vector<bool>(tokens::kMovedBins + 3, true)};
    table.numeric[0] = false;
    for (std::size_t bin = 0; bin < tokens::kMovedBins; ++bin)
        table.headers.push_back(moved_edge(bin));
    table.headers.insert(table.headers.end(), {"mean (ms)", "most (ms)"});
    for (const SchemeAudit* audit : audits) {
        const tokens::Fidelity& f = audit->counts;
        std::vector<std::string> row{name_cell(report, *audit), kept_cell(f.moved[0], f.kept)};
        for (std::size_t bin = 1; bin < tokens::kMovedBins; ++bin)
            row.push_back(lost_cell(f.moved[bin], f.kept));
        row.push_back(f.kept == 0 ? kNothing : fixed(f.moved_ms / static_cast<double>(f.kept), 2));
        row.push_back(fixed(f.most_moved_ms, 1));
        table.rows_html.push_back(std::move(row));
    }
    return format_table(table);
}

}  // namespace symphony::view
