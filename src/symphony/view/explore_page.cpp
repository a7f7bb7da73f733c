#include "symphony/view/explore_page.h"

#include "symphony/base/file.h"
#include "symphony/base/parallel.h"
#include "symphony/base/text.h"
#include "symphony/corpus/piece_id.h"
#include "symphony/io/score_file.h"
#include "symphony/score/roles.h"
#include "symphony/view/atlas_sections.h"
#include "symphony/view/distribution_chart.h"
#include "symphony/view/html.h"
#include "symphony/view/piano_roll.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace symphony::view {
namespace {

constexpr std::size_t kMaxPieceRows = 400;
constexpr std::size_t kMaxFileRows = 300;
constexpr std::size_t kMaxNamedPieces = 12;
constexpr std::size_t kOutlierRolls = 4;

std::string more_note(std::size_t all, std::size_t shown) {
    if (all <= shown) return {};
    return fmt::format("<p class=\"soft\">The first {} of {}; all are in the JSON.</p>",
                       thousands(static_cast<std::int64_t>(shown)),
                       thousands(static_cast<std::int64_t>(all)));
}

std::string file_table(const corpus::Account& account, std::string_view summary,
                       std::initializer_list<corpus::FileFate> fates, const std::string& column,
                       std::string (*says)(const corpus::FileRecord&)) {
    Table table{.headers = {"file", column}};
    std::size_t all = 0;
    for (const corpus::FileRecord& file : account.files) {
        if (std::find(fates.begin(), fates.end(), file.fate) == fates.end()) continue;
        if (++all <= kMaxFileRows) table.rows_html.push_back({escape(file.id), escape(says(file))});
    }
    if (all == 0) return {};
    return folded(fmt::format("{}: {}", summary, counted(static_cast<std::int64_t>(all), "file")),
                  format_table(table) + more_note(all, kMaxFileRows));
}

std::string pieces_html(const corpus::CorpusReport& report) {
    Table table{.headers = {"piece", "title", "key", "metre", "parts", "bars", "notes"},
                .numeric = {false, false, false, false, true, true, true}};
    for (const corpus::PieceSummary& piece : report.summaries) {
        if (table.rows_html.size() == kMaxPieceRows) break;
        table.rows_html.push_back(
            {escape(piece.id),
             escape(piece.composer.empty() ? piece.title : piece.title + " — " + piece.composer),
             escape(piece.key.name()) + (piece.key_given ? "" : " <small>estimated</small>"),
             escape(piece.meter), thousands(piece.parts), thousands(piece.bars),
             thousands(piece.notes)});
    }
    return folded(fmt::format("All {}", counted(report.pieces, "piece")),
                  format_table(table) + more_note(report.summaries.size(), kMaxPieceRows));
}

}  // namespace

std::vector<ExamplePiece> read_pieces(const corpus::CorpusReport& report,
                                      std::span<const std::string> ids) {
    std::vector<ExamplePiece> examples;
    for (const std::string& id : ids) {
        auto file = io::read_score_file(corpus::path_of_piece(report.root, id));
        if (!file.ok()) continue;
        ExamplePiece piece{id, std::move(file.value().score)};
        score::assign_roles(piece.score);
        examples.push_back(std::move(piece));
    }
    return examples;
}

std::vector<ExamplePiece> read_examples(const corpus::CorpusReport& report) {
    return read_pieces(report, report.examples);
}

std::string account_html(const corpus::Account& account) {
    struct Share {
        std::int64_t count;
        const char *name, *color;
    };
    const Share shares[] = {{account.used, "used", "harmony"},
                            {account.repaired, "repaired", "harmony-2"},
                            {account.duplicates_exact, "the same file again", "axis"},
                            {account.duplicates_music, "the same music again", "unknown"},
                            {account.refused, "refused", "mark"}};
    std::string bar, keys;
    for (const Share& share : shares) {
        if (share.count == 0) continue;
        bar += fmt::format("<span style=\"background:var(--{});flex:{}\"></span>", share.color,
                           share.count);
        keys += fmt::format(
            "<span><span class=\"key\" style=\"background:var(--{})\"></span>{} {}</span>",
            share.color, thousands(share.count), share.name);
    }
    std::string out = fmt::format("<p>{}</p>", escape(account.sentence()));
    if (!bar.empty())
        out += fmt::format(
            "<div class=\"bar\" aria-hidden=\"true\">{}</div><div class=\"swatches\">{}</div>", bar,
            keys);
    std::map<std::string, std::int64_t> repairs;
    for (const corpus::FileRecord& file : account.files)
        for (const std::string& repair : file.repairs) ++repairs[repair];
    if (!repairs.empty()) {
        Table table{.headers = {"repair", "files"}, .numeric = {false, true}};
        for (const auto& [code, count] : repairs)
            table.rows_html.push_back({escape(code), thousands(count)});
        out += folded(
            fmt::format("Repairs: {}", counted(static_cast<std::int64_t>(repairs.size()), "kind")),
            format_table(table));
    }
    out += file_table(account, "Refused", {corpus::FileFate::kRefused}, "why",
                      [](const corpus::FileRecord& file) { return file.code + " " + file.reason; });
    out += file_table(account, "Duplicates",
                      {corpus::FileFate::kDuplicateExact, corpus::FileFate::kDuplicateMusic},
                      "already there as",
                      [](const corpus::FileRecord& file) { return file.duplicate_of; });
    if (!account.unreadable_folders.empty())
        out += fmt::format(
            "<p>{} could not be looked into: {}.</p>",
            counted(static_cast<std::int64_t>(account.unreadable_folders.size()), "folder"),
            escape(join_words(account.unreadable_folders)));
    return out;
}

std::string remarks_html(const corpus::CorpusReport& report) {
    if (report.remarks.empty())
        return "<p>Nothing stands in the way: no limit was found in these files.</p>";
    std::string out = "<ul class=\"remarks\">";
    for (const corpus::Remark& remark : report.remarks) {
        out += fmt::format("<li{}>{}", remark.limit ? " class=\"limit\"" : "", escape(remark.text));
        if (!remark.pieces.empty() && remark.pieces.size() <= kMaxNamedPieces)
            out += fmt::format(" <small>{}</small>", escape(join_words(remark.pieces)));
        out += "</li>\n";
    }
    return out + "</ul>\n";
}

std::string distribution_charts_html(const corpus::CorpusReport& report,
                                     std::span<const std::string> names,
                                     const std::filesystem::path& figures, int threads,
                                     base::Progress& progress) {
    std::vector<const corpus::Distribution*> wanted;
    for (const corpus::Distribution& one : report.distributions)
        if (names.empty() || std::find(names.begin(), names.end(), one.name) != names.end())
            wanted.push_back(&one);
    return charts_html(wanted, figures, threads, progress);
}

std::string charts_html(std::span<const corpus::Distribution* const> distributions,
                        const std::filesystem::path& figures, int threads,
                        base::Progress& progress) {
    std::vector<const corpus::Distribution*> wanted;
    std::vector<std::string> empty;
    for (const corpus::Distribution* one : distributions) {
        if (one->total > 0 && !one->bins.empty())
            wanted.push_back(one);
        else
            empty.push_back(base::to_lower(one->title));
    }
    std::vector<std::string> charts(wanted.size());
    base::parallel_stage(progress, "charts", wanted.size(), threads, [&](std::size_t i) {
        std::string name = "corpus-" + wanted[i]->name;
        std::replace(name.begin(), name.end(), '/', '-');  // "onsets-3/4"
        const std::string svg = inline_chart(distribution_chart(*wanted[i]), figures, name);
        std::string caption;
        // The middle of places that run in a circle would say nothing.
        if (wanted[i]->numeric && wanted[i]->name != "pitch-class" &&
            !wanted[i]->name.starts_with("onsets-"))
            caption =
                fmt::format("Median {:.4g}; nine tenths lie from {:.4g} to {:.4g}.",
                            wanted[i]->median, wanted[i]->percentile5, wanted[i]->percentile95);
        charts[i] = figure(svg, escape(caption));
    });
    std::string out = "<div class=\"grid\">";
    for (const std::string& chart : charts) out += chart;
    out += "</div>\n";
    if (!empty.empty())
        out += fmt::format("<p class=\"soft\">Nothing to count for: {}.</p>",
                           escape(join_words(empty)));
    return out;
}

std::string example_rolls_html(std::span<const ExamplePiece> examples, int bars) {
    std::string out;
    for (const ExamplePiece& example : examples) {
        const auto all = static_cast<std::int64_t>(score::bars_of(example.score).size());
        out += figure(
            format_piano_roll(example.score, {.bars = bars, .dress = Dress::kPage}),
            fmt::format("{}: {}, {}.", escape(example.id),
                        all > bars ? fmt::format("the first {} of {} bars", bars, all)
                                   : counted(all, "bar"),
                        counted(static_cast<std::int64_t>(example.score.note_count()), "note")));
    }
    return out;
}

std::string format_explore_page(const corpus::CorpusReport& report, const ExplorePieces& pieces,
                                const std::filesystem::path& figures, int threads,
                                base::Progress& progress) {
    const std::string name = std::filesystem::path(report.root).filename().string();
    Page page;
    page.title = "What is in " + (name.empty() ? report.root : name);
    page.lead_html =
        fmt::format("<p>{} in {}, {} of music.</p>", counted(report.notes, "note"),
                    counted(report.pieces, "piece"), span_of_time(report.hours * 3600));
    page.lead_html +=
        facts({{thousands(report.pieces), "pieces"},
               {thousands(report.notes), "notes"},
               {span_of_time(report.hours * 3600), "of music"},
               {thousands(report.bars), "bars"},
               {thousands(report.parts), "parts"},
               {thousands(report.groups), "unrelated groups"},
               {fmt::format("{} of {}", report.keys_given, report.pieces), "state their key"}});
    const auto add = [&](const char* id, const char* link, const char* heading,
                         const std::string& body) {
        if (body.empty()) return;
        page.nav.push_back({id, link});
        page.body_html += section(id, heading, body);
    };
    const Drawing drawing{figures, threads, &progress};
    const corpus::Atlas& atlas = report.atlas;
    add("account", "Account", "Every file accounted for", account_html(report.account));
    add("learn", "What can be learned", "What can be learned, and what cannot",
        remarks_html(report));
    add("charts", "Charts", "The music in charts",
        distribution_charts_html(report, {}, figures, threads, progress));
    add("harmony", "Keys and chords", "Keys and chords over time", harmony_section(atlas, drawing));
    add("metre", "Metre", "Metre and syncopation", metre_section(atlas, drawing));
    add("form", "Form", "Form", form_section(atlas, pieces.forms, drawing));
    add("roles", "Roles", "What each role does", roles_section(atlas, drawing));
    add("groups", "Groups", "Groups beside each other",
        groups_section(atlas.comparison, atlas, drawing));
    add("apart", "Apart", "Pieces that stand apart", outliers_section(atlas, pieces.outliers));
    add("measures", "Measures", "All measures, piece by piece", measures_section(atlas));
    add("examples", "Examples", "Pieces to look at", example_rolls_html(pieces.examples, 24));
    add("pieces", "Pieces", "Pieces", pieces_html(report));
    page.footer_html =
        "<p>Made by Symphony. The figures' gnuplot scripts and data lie in the "
        "folder figures beside this page.</p>";
    return format_page(page);
}

void write_explore_page(const corpus::CorpusReport& report, const std::filesystem::path& path,
                        int threads, base::Progress& progress) {
    std::vector<std::string> apart;
    for (const corpus::Outlier& outlier : report.atlas.outliers)
        if (apart.size() < kOutlierRolls) apart.push_back(outlier.id);
    const ExplorePieces pieces{.examples = read_examples(report),
                               .forms = read_pieces(report, report.atlas.form_examples),
                               .outliers = read_pieces(report, apart)};
    const auto figures = path.parent_path() / "figures";
    base::write_file_atomically(path,
                                format_explore_page(report, pieces, figures, threads, progress));
}

}  // namespace symphony::view
