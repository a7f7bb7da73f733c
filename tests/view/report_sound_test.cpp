// The report with its sounds: seconds of rendering, so apart and labelled slow.
#include "symphony/base/process.h"
#include "symphony/io/audio.h"
#include "symphony/view/report/listening.h"
#include "symphony/view/report/report.h"

#include "journey_fixture.h"
#include "temporary_folder.h"
#include <gtest/gtest.h>

namespace symphony::view {
namespace {

namespace fs = std::filesystem;

TEST(ReportWithSound, OpensWithTheBlindTestAtEqualLoudness) {
    if (!io::can_render_audio()) GTEST_SKIP() << "fluidsynth or its sound font is not installed";
    if (base::find_program("gnuplot").empty()) GTEST_SKIP() << "gnuplot is not installed";
    const test_support::TemporaryFolder made;
    const fs::path& folder = made.path;
    write_journey(folder);
    const ReportData data = read_report_data(folder);
    const ReportOptions options{.page = folder / "report.html"};
    const ReportFiles files = write_report(data, options, base::silent_progress());
    EXPECT_LT(files.page_bytes, kMaxReportBytes);
    const std::string page = base::read_file(options.page).value();
    EXPECT_NE(page.find("data:audio/ogg;base64,T2dnUw"), std::string::npos);  // "OggS"
    EXPECT_LT(page.find("id=\"quiz\""), page.find("id=\"corpus\""));
    EXPECT_TRUE(fs::exists(folder / "listening" / "excerpt-01.wav"));
    EXPECT_TRUE(fs::exists(folder / "listening" / "hear-it-learn.wav"));
    for (int i = 1; i <= 3; ++i) {
        const auto audio =
            io::read_audio_file(folder / "listening" / fmt::format("excerpt-{:02}.wav", i));
        EXPECT_NEAR(io::loudness_lufs(audio), kLoudnessLufs, 0.3);
    }
}

}  // namespace
}  // namespace symphony::view
