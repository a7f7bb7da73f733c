// symphony report DIR: the page (and slides, and PDF) of what a journey left in its folder.
#include "symphony/cli/verb.h"
#include "symphony/view/report/report.h"

#include <fmt/format.h>

namespace symphony::cli {
namespace {

class Report : public Verb {
  public:
    void describe(base::OptionTable& table) override {
        auto& folder = table.add("folder", folder_, "output folder of learn or demo");
        folder.positional = folder.required = true;
        folder.value_name = "DIR";
        table.add("output", output_, "the page; default: DIR/report.html").value_name = "FILE.html";
        table.add("slides", slides_, "also write slides").value_name = "FILE.html";
        table.add("pdf", pdf_, "also print page and slides to PDF (needs chromium)");
        table.add("title", title_, "heading of the page").value_name = "TEXT";
        table.add("no-audio", no_audio_, "without sound: no blind test, no players");
    }

    int run(const Context& context) override {
        const view::ReportData data = view::read_report_data(folder_);
        view::ReportOptions options;
        options.page =
            output_.empty() ? data.folder / "report.html" : std::filesystem::path(output_);
        options.slides = slides_;
        if (pdf_) options.pdf = std::filesystem::path(options.page).replace_extension(".pdf");
        options.title = title_;
        options.seed = static_cast<std::uint64_t>(context.seed);
        options.audio = !no_audio_;
        options.threads = context.threads;
        const view::ReportFiles files = view::write_report(data, options, *context.progress);
        for (const std::string& note : files.notes) context.progress->note("note: " + note);
        if (context.json) {
            base::Json json = {{"files", base::Json::array()},
                               {"page_bytes", files.page_bytes},
                               {"notes", files.notes}};
            for (const auto& file : files.written) json["files"].push_back(file.string());
            context.print_json(json);
            return 0;
        }
        for (const auto& file : files.written) context.print(file.string());
        return 0;
    }

  private:
    std::string folder_, output_, slides_, title_;
    bool pdf_ = false, no_audio_ = false;
};

}  // namespace

VerbEntry report_verb() {
    return {"report",
            "one page with everything: blind test, curves, comparison, music, settings",
            {"symphony report music-output",
             "symphony report music-output --slides music-output/deck.html --pdf"},
            [] { return std::make_unique<Report>(); }};
}

}  // namespace symphony::cli
