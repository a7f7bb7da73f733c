#include "symphony/view/report/report.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/text.h"
#include "symphony/view/html.h"
#include "symphony/view/report/pdf.h"
#include "symphony/view/report/section.h"
#include "symphony/view/report/slides.h"

#include <fmt/format.h>

namespace symphony::view {
namespace {

namespace fs = std::filesystem;

std::string title_of(const ReportData& data, const ReportOptions& options) {
    if (!options.title.empty()) return options.title;
    const std::string what =
        data.corpus ? fs::path(data.corpus->root).filename().string() : std::string();
    if (data.is_bach()) return "Learning from Bach";
    return what.empty() ? "What the models learned" : "Learning from " + what;
}

std::string lead(const ReportData& data) {
    std::vector<std::string> models;
    for (const RunLog& run : data.runs) models.push_back("the " + model_title(run.name));
    std::string text;
    if (data.corpus) text += fmt::format("<p>{} were read", counted(data.corpus->pieces, "piece"));
    if (!models.empty())
        text += fmt::format("{} learned to continue music note by note",
                            (text.empty() ? "<p>" : "; ") + escape(join_words(models)));
    if (!text.empty()) text += ". Here is how well, and how it sounds.</p>";
    if (!models.empty() && text.starts_with("<p>the")) text[3] = 'T';
    return text;
}

using SectionMaker = ReportSection (*)(ReportContext&);
constexpr SectionMaker kSections[] = {
    quiz_section,          corpus_section,   tokens_section,    curves_section, comparison_section,
    pretraining_section,   base_section,     generated_section, rolls_section,  learning_section,
    voice_leading_section, settings_section, outcome_section};

std::string format_report(const ReportData& data, const ReportOptions& options,
                          const std::vector<ReportSection>& sections) {
    Page page;
    page.title = title_of(data, options);
    page.lead_html = lead(data);
    for (const ReportSection& one : sections) {
        page.nav.push_back({one.id, one.nav});
        page.body_html += section(one.id, one.heading, one.html);
    }
    page.footer_html =
        "<p>Made by Symphony from its own measurements. This page needs nothing else and asks "
        "nothing of any network. Beside it: <code>figures/</code> with every chart's gnuplot "
        "script and data, <code>listening/</code> with the sounds as WAV.</p>";
    return format_page(page);
}

}  // namespace

ReportFiles write_report(const ReportData& data, const ReportOptions& options,
                         base::Progress& progress) {
    ReportFiles files;
    ReportContext context(data, options, progress);
    if (options.audio && !context.audio)
        files.notes.push_back(
            "no sound in the report: fluidsynth or its sound font is not "
            "installed (apt-get install fluidsynth fluidr3mono-gm-soundfont)");
    std::vector<ReportSection> sections;
    for (const SectionMaker make : kSections) sections.push_back(make(context));
    std::string page = format_report(data, options, sections);
    if (page.size() > kMaxReportBytes) {
        files.notes.push_back("the takes have no players, to keep the page under 20 MB");
        context.take_players = false;
        for (ReportSection& one : sections)
            if (one.id == "takes") one = rolls_section(context);
        page = format_report(data, options, sections);
    }
    if (page.size() > kMaxReportBytes)
        throw base::Error(base::ErrorKind::kInput,
                          fmt::format("the page would be {} bytes, expected at most {}",
                                      page.size(), kMaxReportBytes),
                          options.page.string(), "try --no-audio");
    files.page_bytes = page.size();
    base::write_file_atomically(options.page, page);
    files.written.push_back(options.page);
    if (!options.slides.empty()) {
        base::write_file_atomically(options.slides,
                                    format_slides(context, title_of(data, options)));
        files.written.push_back(options.slides);
    }
    for (const std::string& one : data.unreadable) files.notes.push_back(one);
    if (options.pdf.empty()) return files;
    progress.begin("PDF", 0);
    print_to_pdf(options.page, options.pdf);
    files.written.push_back(options.pdf);
    if (!options.slides.empty()) {
        const fs::path slides_pdf = fs::path(options.slides).replace_extension(".pdf");
        print_to_pdf(options.slides, slides_pdf);
        files.written.push_back(slides_pdf);
    }
    progress.end();
    return files;
}

}  // namespace symphony::view
