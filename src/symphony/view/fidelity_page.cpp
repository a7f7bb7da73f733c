#include "symphony/view/fidelity_page.h"

#include "symphony/base/file.h"
#include "symphony/view/chart.h"
#include "symphony/view/explore_page.h"
#include "symphony/view/html.h"

#include <fmt/format.h>

#include <algorithm>

namespace symphony::view {
namespace {

using corpus::FidelityReport;
using corpus::SchemeAudit;
using tokens::Kept;

double share(std::int64_t part, std::int64_t all) {
    return all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all);
}

// A share as a cell, the redder the more is missing; a dash where there was nothing to keep.
std::string cell(std::int64_t part, std::int64_t all) {
    if (all == 0) return "<span class=\"soft\">–</span>";
    const double kept = share(part, all);
    std::string text = percent(kept);
    if (part < all && kept > 0.9995) text = "&lt; 100 %";
    const double missing = 1 - kept;
    if (missing <= 0) return text;
    return fmt::format(
        "<span style=\"background:color-mix(in srgb,var(--mark) {:.0f}%,transparent);"
        "padding:0 .3em;border-radius:.2em\">{}</span>",
        8 + 47 * missing, text);
}
std::string cell(const Kept& kept) { return cell(kept.kept, kept.all); }

// The schemes that took the pieces.
std::vector<const SchemeAudit*> taken(const FidelityReport& report) {
    std::vector<const SchemeAudit*> audits;
    for (const SchemeAudit& audit : report.schemes)
        if (audit.refused.empty()) audits.push_back(&audit);
    return audits;
}

std::string advice_html(const FidelityReport& report) {
    std::string out = "<ul class=\"remarks\">";
    for (const std::string& line : report.advice) out += "<li>" + escape(line) + "</li>\n";
    return out + "</ul>\n";
}

std::string notes_table(const std::vector<const SchemeAudit*>& audits) {
    Table table{.caption = "What comes back of the notes, in % of what was there",
                .headers = {"scheme", "alike", "kept", "merged", "dropped", "in place", "length",
                            "velocity", "instrument", "drums"},
                .numeric = std::vector<bool>(10, true)};
    table.numeric[0] = false;
    for (const SchemeAudit* audit : audits) {
        const tokens::Fidelity& f = audit->counts;
        table.rows_html.push_back({escape(audit->scheme), cell(f.alike, f.notes),
                                   cell(f.kept, f.notes), percent(share(f.merged, f.notes)),
                                   percent(share(f.dropped, f.notes)), cell(f.moved[0], f.kept),
                                   cell(f.lengths), cell(f.velocities), cell(f.programs),
                                   cell(f.drums)});
    }
    return format_table(table);
}

std::string context_table(const std::vector<const SchemeAudit*>& audits) {
    Table table{.caption = "What comes back around the notes",
                .headers = {"scheme", "tempo", "metre", "key", "pedal", "controls", "bends",
                            "programs", "runs alike in"},
                .numeric = {false, true, true, true, true, true, true, true, false}};
    for (const SchemeAudit* audit : audits) {
        const tokens::Fidelity& f = audit->counts;
        table.rows_html.push_back({escape(audit->scheme), cell(f.tempos), cell(f.meters),
                                   cell(f.keys), cell(f.pedals), cell(f.controls), cell(f.bends),
                                   cell(f.program_changes),
                                   audit->clock == tokens::Clock::kBeats ? "beats" : "seconds"});
    }
    return format_table(table);
}

std::string cost_table(const FidelityReport& report,
                       const std::vector<const SchemeAudit*>& audits) {
    Table table{.caption = "What it costs",
                .headers = {"scheme", "tokens a note", "tokens a second", "vocabulary",
                            "longest piece", fmt::format("longer than {}", report.context)},
                .numeric = {false, true, true, true, true, true}};
    for (const SchemeAudit* audit : audits)
        table.rows_html.push_back(
            {escape(audit->scheme), fixed(share(audit->tokens, audit->counts.notes), 2),
             fixed(report.seconds > 0 ? static_cast<double>(audit->tokens) / report.seconds : 0, 1),
             thousands(audit->vocabulary), thousands(audit->longest),
             fmt::format("{} of {}", thousands(audit->cut_sequences),
                         thousands(audit->sequences))});
    return format_table(table);
}

Chart overview_chart(const std::vector<const SchemeAudit*>& audits) {
    std::vector<std::string> names;
    BarGroup alike{"alike", "harmony", {}}, kept{"kept", "harmony-2", {}},
        lost{"merged or dropped", "mark", {}};
    for (const SchemeAudit* audit : audits) {
        const tokens::Fidelity& f = audit->counts;
        names.push_back(audit->scheme);
        alike.values.push_back(100 * share(f.alike, f.notes));
        kept.values.push_back(100 * share(f.kept, f.notes));
        lost.values.push_back(100 * share(f.merged + f.dropped, f.notes));
    }
    Chart chart = bar_chart("Notes that come back", names, {alike, kept, lost});
    chart.y.label = "% of notes";
    chart.x.slanted = names.size() > 5;
    chart.width = 900;
    chart.description =
        "For each scheme the share of notes that come back alike, that come back "
        "at all, and that are merged or dropped.";
    return chart;
}

Chart cost_chart(const std::vector<const SchemeAudit*>& audits) {
    std::vector<std::string> names;
    BarGroup group{"", "accent", {}};
    for (const SchemeAudit* audit : audits) {
        names.push_back(audit->scheme);
        group.values.push_back(share(audit->tokens, audit->counts.notes));
    }
    Chart chart = bar_chart("Tokens a note", names, {group});
    chart.y.label = "tokens";
    chart.x.slanted = names.size() > 5;
    chart.width = 900;
    chart.description = "For each scheme the tokens that a note takes on average.";
    return chart;
}

Chart moved_chart(const SchemeAudit& audit) {
    std::vector<std::string> names;
    BarGroup group{"", "bass", {}};
    for (std::size_t bin = 0; bin < tokens::kMovedBins; ++bin) {
        names.push_back(bin == 0 ? "in place"
                        : bin < tokens::kMovedEdgesMs.size()
                            ? fmt::format("{:g}", tokens::kMovedEdgesMs[bin])
                            : fmt::format("> {:g}", tokens::kMovedEdgesMs.back()));
        group.values.push_back(100 * share(audit.counts.moved[bin], audit.counts.kept));
    }
    Chart chart = bar_chart(audit.scheme, names, {group});
    chart.x.label = "moved by up to (ms)";
    chart.y.label = "% of kept notes";
    chart.y.high = 100;
    chart.width = 460;
    chart.height = 260;
    chart.description = fmt::format("How far notes are moved by {}.", audit.scheme);
    return chart;
}

std::string offenders_html(const std::vector<const SchemeAudit*>& audits) {
    std::string out;
    for (const SchemeAudit* audit : audits) {
        Table moved{.headers = {"piece", "bar", "beat", "part", "pitch", "moved (ms)"},
                    .numeric = {false, true, true, false, false, true}};
        for (const corpus::Offender& o : audit->offenders)
            moved.rows_html.push_back({escape(o.piece), thousands(o.bar),
                                       fmt::format("{:.4g}", o.beat), escape(o.part),
                                       escape(o.pitch), fixed(o.ms, 1)});
        Table lost{.headers = {"piece", "notes lost", "of"}, .numeric = {false, true, true}};
        for (const corpus::PieceLoss& loss : audit->lossy_pieces)
            lost.rows_html.push_back(
                {escape(loss.piece), thousands(loss.lost), thousands(loss.notes)});
        Table codes{.headers = {"the scheme's own count", "times"}, .numeric = {false, true}};
        for (const auto& [code, count] : audit->losses)
            codes.rows_html.push_back({escape(code), thousands(count)});
        std::string body;
        if (!moved.rows_html.empty()) body += format_table(moved);
        if (!lost.rows_html.empty()) body += format_table(lost);
        if (!codes.rows_html.empty()) body += format_table(codes);
        if (!body.empty()) out += folded(audit->scheme, body);
    }
    return out.empty() ? "<p>No note moved or was lost.</p>" : out;
}

}  // namespace

std::string format_fidelity_page(const FidelityReport& report, const std::filesystem::path& figures,
                                 base::Progress& progress) {
    const std::vector<const SchemeAudit*> audits = taken(report);
    const std::string name = std::filesystem::path(report.root).filename().string();
    Page page;
    page.title = "What tokens lose of " + (name.empty() ? report.root : name);
    page.lead_html =
        "<p>Every piece was turned into tokens and back by each scheme and held "
        "against what it was.</p>";
    page.lead_html += facts({{thousands(report.pieces), "pieces"},
                             {thousands(report.notes), "notes"},
                             {span_of_time(report.seconds), "of music"},
                             {thousands(static_cast<std::int64_t>(audits.size())), "schemes"}});
    page.nav = {{"advice", "Advice"}, {"notes", "Notes"}, {"moved", "Moved in time"},
                {"cost", "Cost"},     {"worst", "Worst"}, {"account", "Account"}};
    page.body_html = section("advice", "Which scheme suits these pieces", advice_html(report));
    progress.begin("charts", static_cast<std::int64_t>(audits.size()) + 2);
    std::int64_t done = 0;
    const auto draw = [&](const Chart& chart, const std::string& file) {
        std::string svg = inline_chart(chart, figures, "fidelity-" + file);
        progress.update(++done);
        return svg;
    };
    std::string notes, moved, cost;
    if (!audits.empty()) {
        notes = figure(draw(overview_chart(audits), "notes"),
                       "Alike: kept, moved by at most 10 ms, length within 10 ms or 5 %, the same "
                       "instrument, velocity within 8.");
        notes += notes_table(audits) + context_table(audits);
        moved = "<div class=\"grid\">";
        for (const SchemeAudit* audit : audits)
            moved += figure(
                draw(moved_chart(*audit), "moved-" + audit->scheme),
                fmt::format("{:.2f} ms on average, {:.0f} ms at most.",
                            audit->counts.kept == 0
                                ? 0
                                : audit->counts.moved_ms / static_cast<double>(audit->counts.kept),
                            audit->counts.most_moved_ms));
        moved += "</div>\n";
        cost = figure(draw(cost_chart(audits), "cost"), "Fewer tokens make shorter sequences.") +
               cost_table(report, audits);
    }
    progress.end();
    page.body_html += section("notes", "What comes back", notes);
    page.body_html += section("moved", "How far notes move in time", moved);
    page.body_html += section("cost", "What a scheme costs", cost);
    page.body_html += section("worst", "Where it is worst", offenders_html(audits));
    page.body_html += section("account", "Every file accounted for", account_html(report.account));
    page.footer_html =
        "<p>Made by Symphony. The figures' gnuplot scripts and data lie in the "
        "folder figures beside this page.</p>";
    return format_page(page);
}

void write_fidelity_page(const FidelityReport& report, const std::filesystem::path& path,
                         base::Progress& progress) {
    const auto figures = path.parent_path() / "figures";
    base::write_file_atomically(path, format_fidelity_page(report, figures, progress));
}

}  // namespace symphony::view
