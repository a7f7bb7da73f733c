// The sections of the report, one file each. A section of which the journey has nothing says so in
// a sentence.
#pragma once

#include "symphony/base/progress.h"
#include "symphony/view/chart.h"
#include "symphony/view/piano_roll.h"
#include "symphony/view/report/listening.h"
#include "symphony/view/report/report.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace symphony::view {

// What sections share. Charts are drawn once and used again by the slides.
class ReportContext {
  public:
    ReportContext(const ReportData& report_data, const ReportOptions& options,
                  base::Progress& progress_);

    const ReportData& data;
    const std::uint64_t seed;
    const bool audio;  // wanted, and the synthesiser is installed
    const int threads;
    base::Progress& progress;
    bool take_players = true;  // false: takes without sound, to keep the page small

    // The chart as inline SVG; its files are figures/NAME.{gp,dat,svg} beside the page.
    const std::string& chart(const std::string& name, const Chart& chart);
    // Folder of the WAVs behind the page's players.
    std::filesystem::path listening() const { return page_.parent_path() / "listening"; }
    std::filesystem::path figures() const { return page_.parent_path() / "figures"; }

  private:
    std::filesystem::path page_;
    std::map<std::string, std::string> charts_;
};

struct ReportSection {
    std::string id, nav, heading;  // text
    std::string html;
};

ReportSection quiz_section(ReportContext& context);
ReportSection corpus_section(ReportContext& context);
ReportSection tokens_section(ReportContext& context);
ReportSection curves_section(ReportContext& context);
ReportSection comparison_section(ReportContext& context);
ReportSection pretraining_section(ReportContext& context);
ReportSection base_section(ReportContext& context);
ReportSection generated_section(ReportContext& context);
ReportSection rolls_section(ReportContext& context);
ReportSection learning_section(ReportContext& context);
ReportSection voice_leading_section(ReportContext& context);
ReportSection settings_section(ReportContext& context);
ReportSection outcome_section(ReportContext& context);

// Shared by sections and slides.
std::string missing(std::string_view sentence_html);  // why a section is empty
std::string player(const Clip& clip, std::string_view label);
std::string model_key(const std::string& model);  // a swatch and the model's name
const std::string& loss_chart(ReportContext& context);
const std::string& accuracy_chart(ReportContext& context);
const std::string& bits_chart(ReportContext& context, const evaluate::Evaluation& evaluation,
                              const std::string& name, const std::string& title);
std::string comparison_table(const ReportContext& context, bool short_form);
std::string outcome_words(const ReportData& data);  // paragraphs
std::string pretraining_words(const ReportData& data);
const std::string& pretraining_chart(ReportContext& context);
std::string base_words(const ReportData& data);
const std::string& base_chart(ReportContext& context);
// Names of runs inside a sentence as people write them: "ngram won" is "n-gram won".
std::string with_model_titles(const std::string& sentence);
// Voice-leading faults of `score` as frames for its roll.
std::vector<RollMark> voice_leading_marks(const score::Score& score);
// Charts of generated beside real music, in the metrics' order; name and inline SVG.
std::vector<std::string> metric_charts(ReportContext& context, std::size_t at_most);

}  // namespace symphony::view
