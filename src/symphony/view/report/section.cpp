#include "symphony/view/report/section.h"

#include "symphony/view/html.h"

#include <fmt/format.h>

#include <cctype>

namespace symphony::view {

ReportContext::ReportContext(const ReportData& report_data, const ReportOptions& options,
                             base::Progress& progress_)
    : data(report_data),
      seed(options.seed),
      audio(options.audio && io::can_render_audio()),
      threads(options.threads),
      progress(progress_),
      page_(options.page) {}

const std::string& ReportContext::chart(const std::string& name, const Chart& chart) {
    const auto found = charts_.find(name);
    if (found != charts_.end()) return found->second;
    return charts_.emplace(name, inline_chart(chart, figures(), name)).first->second;
}

std::string missing(std::string_view sentence_html) {
    return fmt::format("<p class=\"missing\">{}</p>\n", sentence_html);
}

std::string player(const Clip& clip, std::string_view label) {
    return fmt::format("<audio controls preload=\"metadata\" aria-label=\"{}\" src=\"{}\"></audio>",
                       escape(label), clip.uri);
}

std::string with_model_titles(const std::string& sentence) {
    std::string out, word;
    const auto flush = [&] {
        out += model_title(word);
        word.clear();
    };
    for (const char c : sentence) {
        const bool inside = std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_';
        if (inside) {
            word += c;
        } else {
            flush();
            out += c;
        }
    }
    flush();
    return out;
}

std::string model_key(const std::string& model) {
    return fmt::format("<span class=\"key\" style=\"background:var(--{})\"></span>{}",
                       model_color(model).name, escape(model_title(model)));
}

}  // namespace symphony::view
