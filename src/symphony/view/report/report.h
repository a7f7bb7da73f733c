// The report of a journey: one page that holds everything, and the slides that tell it shortly.
#pragma once

#include "symphony/base/progress.h"
#include "symphony/view/report/report_data.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace symphony::view {

inline constexpr std::size_t kMaxReportBytes = 20'000'000;

struct ReportOptions {
    std::filesystem::path page;    // report.html
    std::filesystem::path slides;  // deck.html; empty: none
    std::filesystem::path pdf;     // report.pdf, and the slides' beside them; empty: none
    std::string title;             // empty: from the corpus's folder
    std::uint64_t seed = 1;        // of the blind test
    bool audio = true;             // where the synthesiser is installed
    int threads = 0;               // so many sounds and charts at a time, 0: all cores
};

struct ReportFiles {
    std::vector<std::filesystem::path> written;  // page, slides, PDFs
    std::size_t page_bytes = 0;
    std::vector<std::string> notes;  // what was left out, and why
};

// Writes the page, figures/ (SVG, gnuplot scripts, data) and listening/ (WAV) beside it. Throws
// Error (kInput) if gnuplot is missing or the page would pass kMaxReportBytes even without the
// takes' sound.
ReportFiles write_report(const ReportData& data, const ReportOptions& options,
                         base::Progress& progress);

}  // namespace symphony::view
