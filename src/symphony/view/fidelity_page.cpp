#include "symphony/view/fidelity_page.h"

#include "symphony/base/file.h"
#include "symphony/view/chart.h"
#include "symphony/view/explore_page.h"
#include "symphony/view/fidelity_tables.h"
#include "symphony/view/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace symphony::view {
namespace {

using corpus::FidelityReport;
using corpus::SchemeAudit;
using tokens::share;

// The schemes that took the pieces.
Audits taken(const FidelityReport& report) {
    Audits audits;
    for (const SchemeAudit& audit : report.schemes)
        if (audit.refused.empty()) audits.push_back(&audit);
    return audits;
}

std::string advice_html(const FidelityReport& report) {
    // The grid and the scheme to take, then what to know besides.
    const std::size_t verdicts =
        std::min<std::size_t>(report.advice.size(), report.most_faithful.empty() ? 1 : 2);
    std::string out, remarks;
    for (std::size_t i = 0; i < verdicts; ++i)
        out += "<p class=\"verdict\">" + escape(report.advice[i]) + "</p>\n";
    for (std::size_t i = verdicts; i < report.advice.size(); ++i)
        remarks += "<li>" + escape(report.advice[i]) + "</li>\n";
    return remarks.empty() ? out : out + "<ul class=\"remarks\">" + remarks + "</ul>\n";
}

Chart moved_chart(const SchemeAudit& audit) {
    std::vector<std::string> names;
    BarGroup group{"", "bass", {}};
    for (std::size_t bin = 0; bin < tokens::kMovedBins; ++bin) {
        names.push_back(moved_edge(bin));
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

// "remi+pedal" as part of a file's name and of ids.
std::string file_name(std::string scheme) {
    for (char& c : scheme)
        if (!std::isalnum(static_cast<unsigned char>(c))) c = '-';
    return scheme;
}

// Of the schemes that move notes.
std::string moved_charts(const Audits& audits, const std::filesystem::path& figures,
                         base::Progress& progress) {
    Audits moving;
    for (const SchemeAudit* audit : audits)
        if (audit->counts.moved[0] < audit->counts.kept) moving.push_back(audit);
    if (moving.empty()) return "<p>No scheme moves a note.</p>";
    progress.begin("charts", static_cast<std::int64_t>(moving.size()));
    std::string grid;
    for (std::size_t i = 0; i < moving.size(); ++i) {
        grid += figure(inline_chart(moved_chart(*moving[i]), figures,
                                    "fidelity-moved-" + file_name(moving[i]->scheme)),
                       "");
        progress.update(static_cast<std::int64_t>(i) + 1);
    }
    progress.end();
    return folded("Histograms", "<div class=\"grid\">" + grid + "</div>");
}

std::string offenders_html(const Audits& audits) {
    std::string out;
    for (const SchemeAudit* audit : audits) {
        Table moved{.headers = {"piece", "bar", "beat", "part", "pitch", "moved (ms)"},
                    .numeric = {false, true, true, false, false, true}};
        for (const corpus::Offender& o : audit->offenders)
            moved.rows_html.push_back({escape(o.piece), thousands(o.bar),
                                       fmt::format("{:.4g}", o.beat), escape(o.part),
                                       escape(o.pitch), fixed(o.ms, 1)});
        Table lost{.headers = {"piece", "notes lost", "of", "the first in bar", "part", "pitch"},
                   .numeric = {false, true, true, true, false, false}};
        for (const corpus::PieceLoss& loss : audit->lossy_pieces)
            lost.rows_html.push_back({escape(loss.piece), thousands(loss.lost),
                                      thousands(loss.notes), thousands(loss.first.bar),
                                      escape(loss.first.part), escape(loss.first.pitch)});
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
    const Audits audits = taken(report);
    const std::string name = std::filesystem::path(report.root).filename().string();
    Page page;
    page.title = "What tokens lose of " + (name.empty() ? report.root : name);
    page.lead_html =
        "<p>Every piece was turned into tokens and back by each scheme and held against what it "
        "was.</p>";
    page.lead_html += facts({{report.facts.pieces == report.pieces_there
                                  ? thousands(report.facts.pieces)
                                  : fmt::format("{} of {}", thousands(report.facts.pieces),
                                                thousands(report.pieces_there)),
                              "pieces"},
                             {thousands(report.facts.notes), "notes"},
                             {span_of_time(report.seconds()), "of music"},
                             {thousands(static_cast<std::int64_t>(audits.size())), "schemes"}});
    page.nav = {{"advice", "Advice"},  {"files", "Files"}, {"notes", "What comes back"},
                {"moved", "Moved"},    {"cost", "Cost"},   {"worst", "Worst"},
                {"account", "Account"}};
    page.body_html =
        section("advice", "Which scheme suits these pieces", advice_html(report)) +
        section("files", "What these pieces are like", files_html(report)) +
        section("notes", "What comes back",
                fates_html(report, audits) + notes_table(report, audits) +
                    context_table(report, audits)) +
        section("moved", "How far notes move in time",
                moved_table(report, audits) + moved_charts(audits, figures, progress)) +
        section("cost", "What a scheme costs", cost_table(report, audits)) +
        section("worst", "Where it is worst", offenders_html(audits)) +
        section("account", "Every file accounted for", account_html(report.account));
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
