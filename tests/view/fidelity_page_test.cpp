#include "symphony/view/fidelity_page.h"

#include "symphony/base/file.h"
#include "symphony/base/process.h"

#include "temporary_folder.h"
#include <gtest/gtest.h>

namespace symphony::view {
namespace {

TEST(FidelityPage, HoldsAdviceTablesChartsAndTheWorst) {
    if (base::find_program("gnuplot").empty()) GTEST_SKIP() << "gnuplot is not installed";
    const test_support::TemporaryFolder folder;
    corpus::FidelityReport report;
    report.root = "songs";
    report.facts.pieces = report.pieces_there = 2;
    report.facts.notes = 100;
    report.facts.milliseconds = 60'000;
    report.context = 1024;
    report.advice = {"Use a grid of 12."};
    corpus::SchemeAudit audit;
    audit.scheme = report.most_faithful = "remi";
    audit.steps_per_quarter = 12;
    audit.vocabulary = 178;
    audit.counts.notes = audit.counts.kept = 100;
    audit.counts.alike = 90;
    audit.counts.moved = {95, 0, 0, 0, 0, 5, 0, 0};
    audit.counts.drums = {10, 0};
    audit.tokens = 351;
    audit.sequences = 2;
    audit.offenders = {{"a<b>.mid", "Violin", "F#4", 7, 2.5, 31.25}};
    audit.losses = {{"onset-rounded", 5}};
    report.schemes = {audit, {.scheme = "chorale", .refused = "not four voices"}};
    write_fidelity_page(report, folder.path / "fidelity.html", base::silent_progress());
    const std::string page = base::read_file(folder.path / "fidelity.html").value();
    for (const char* words :
         {"Use a grid of 12.", "a&lt;b&gt;.mid", "31.2", "onset-rounded", "3.51", "12 a quarter",
          "class=\"best\"", ">90.0</span>", "How far notes move in time"})
        EXPECT_NE(page.find(words), std::string::npos) << words;
    EXPECT_EQ(page.find("a<b>.mid"), std::string::npos);
    EXPECT_EQ(page.find("http://"), page.find("http://www.w3.org/2000/svg"));
    EXPECT_TRUE(std::filesystem::exists(folder.path / "figures" / "fidelity-moved-remi.gp"));
}

}  // namespace
}  // namespace symphony::view
