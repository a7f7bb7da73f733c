// symphony explore DIR: what a folder of music holds, and what can be learned from it.
#include "symphony/base/error.h"
#include "symphony/cli/verb.h"
#include "symphony/corpus/explore.h"
#include "symphony/corpus/index_place.h"
#include "symphony/view/explore_page.h"
#include "symphony/view/html.h"

#include <fmt/format.h>

#include <algorithm>

namespace symphony::cli {
namespace {

using corpus::CorpusReport;
using corpus::Distribution;

constexpr std::size_t kTopCategories = 5;
constexpr int kProgressionLength = 3;  // chords
constexpr std::int64_t kRefusalsShown = 10;

// "4/4 71 %, 3/4 20 %, 6/8 4 %"
std::string top_categories(const Distribution& distribution) {
    std::string text;
    for (std::size_t i = 0; i < std::min(kTopCategories, distribution.bins.size()); ++i) {
        const corpus::Bin& bin = distribution.bins[i];
        text += fmt::format(
            "{}{} {:.0f} %", i == 0 ? "" : ", ", bin.label,
            100.0 * static_cast<double>(bin.count) / static_cast<double>(distribution.total));
    }
    return text;
}

std::string numbers(const Distribution& d) {
    return fmt::format("{:g} in the middle, 5 to 95 % between {:g} and {:g} {}", d.median,
                       d.percentile5, d.percentile95, d.unit);
}

std::string progressions_text(const corpus::Atlas& atlas, bool minor) {
    std::string text;
    std::size_t shown = 0;
    for (const corpus::ProgressionRow& row : atlas.progressions)
        if (row.minor == minor && row.length == kProgressionLength && shown++ < kTopCategories)
            text +=
                fmt::format("{}{} {:.1f} %", text.empty() ? "" : ", ", row.chords, 100 * row.share);
    return text;
}

template <class Line>
void print_atlas(const corpus::Atlas& atlas, const Line& line) {
    for (const Distribution& distribution : atlas.distributions)
        if (distribution.total > 0)
            line(distribution.name,
                 distribution.numeric ? numbers(distribution) : top_categories(distribution));
    for (const bool minor : {false, true}) {
        const std::string text = progressions_text(atlas, minor);
        if (!text.empty()) line(minor ? "chords in minor" : "chords in major", text);
    }
    for (const corpus::RoleRow& role : atlas.roles)
        line("role " + role.role,
             fmt::format(
                 "{} notes, {} to {}, {:.2f} notes per quarter, {:.2f} together, rests {:.0f} %",
                 role.notes, corpus::pitch_label(role.low), corpus::pitch_label(role.high),
                 role.density, role.polyphony, 100 * role.rest_share));
    for (const corpus::GroupRow& group : atlas.comparison.rows) {
        std::string text = fmt::format("{} pieces, {} notes", group.pieces, group.notes);
        for (const corpus::GroupDistance& distance : group.distances)
            text += fmt::format(", {} {:.2f}", distance.name, distance.distance);
        line("group " + group.name, text + (group.too_small ? " (too few pieces to compare)" : ""));
    }
    for (std::size_t i = 0; i < std::min(kTopCategories, atlas.outliers.size()); ++i)
        line(i == 0 ? "apart from the others" : "",
             atlas.outliers[i].id + ": " + atlas.outliers[i].reasons.front().words);
}

void print_report(const CorpusReport& report, const Context& context) {
    const auto line = [&](const std::string& name, const std::string& text) {
        context.print(fmt::format("{:24} {}", name, text));
    };
    line("files", report.account.sentence());
    line("pieces", fmt::format("{} in {} unrelated groups (largest {})", report.pieces,
                               report.groups, report.largest_group));
    line("notes", fmt::format("{} ({} for drums), {} parts, {} bars, {:.1f} hours", report.notes,
                              report.drum_notes, report.parts, report.bars, report.hours));
    line("keys", fmt::format("{} given, {} estimated", report.keys_given,
                             report.pieces - report.keys_given));
    for (const Distribution& distribution : report.distributions)
        if (distribution.total > 0)
            line(distribution.name,
                 distribution.numeric ? numbers(distribution) : top_categories(distribution));
    print_atlas(report.atlas, line);
    for (const corpus::CodeCount& code : report.account.codes)
        line(&code == report.account.codes.data() ? "codes" : "",
             fmt::format("{} {} {} {}", code.code, code.name,
                         code.refuses ? "refuses" : view::thousands(code.times) + " in",
                         view::counted(code.files, "file")));
    std::int64_t shown = 0;
    for (const corpus::FileRecord& file : report.account.files) {
        if (file.fate != corpus::FileFate::kRefused || shown == kRefusalsShown) continue;
        line(shown++ == 0 ? "refused" : "",
             fmt::format("{}: {} {}", file.id, file.code, file.reason));
    }
    if (shown < report.account.refused)
        line("", fmt::format("and {} more (--json lists all)", report.account.refused - shown));
    for (const corpus::Remark& remark : report.remarks)
        line(remark.limit ? "cannot be learned well" : "worth knowing", remark.text);
}

class Explore : public Verb {
  public:
    void describe(base::OptionTable& table) override {
        auto& folder = table.add("music", music_, "folder of MIDI, MusicXML or ABC files");
        folder.positional = folder.required = true;
        folder.value_name = "DIR";
        table.add("output", output_, "write a page with charts and example rolls here").value_name =
            "PAGE.html";
        auto& by = table.add("by", by_, "compare groups of pieces: by first folder or by composer");
        by.choices = {"none", "folder", "composer"};
        index_.describe(table);
    }

    int run(const Context& context) override {
        const CorpusReport report =
            corpus::explore(music_, context.threads, *context.progress, group_by(),
                            index_.place(music_, *context.progress));
        if (!output_.empty())
            view::write_explore_page(report, output_, context.threads, *context.progress);
        if (context.json)
            context.print_json(corpus::to_json(report));
        else
            print_report(report, context);
        if (!output_.empty()) context.progress->note("page: " + output_);
        return 0;
    }

  private:
    corpus::GroupBy group_by() const {
        for (const corpus::GroupBy by : {corpus::GroupBy::kFolder, corpus::GroupBy::kComposer})
            if (by_ == corpus::group_by_name(by)) return by;
        return corpus::GroupBy::kNone;
    }

    corpus::IndexOptions index_;
    std::string music_, output_, by_ = "none";
};

}  // namespace

VerbEntry explore_verb() {
    return {"explore",
            "say what a folder of music holds and what can be learned from it",
            {"symphony explore my-midi-folder",
             "symphony explore songs -o explore.html        a page with charts and rolls",
             "symphony explore songs --by composer -o explore.html",
             "symphony explore songs --json | jq .account"},
            [] { return std::make_unique<Explore>(); }};
}

}  // namespace symphony::cli
