#include "symphony/view/explore_page.h"

#include "symphony/base/process.h"

#include "journey_fixture.h"
#include "temporary_folder.h"
#include <gtest/gtest.h>

namespace symphony::view {
namespace {

namespace fs = std::filesystem;

TEST(ExplorePage, HoldsAccountRemarksChartsAndRolls) {
    if (base::find_program("gnuplot").empty()) GTEST_SKIP() << "gnuplot is not installed";
    const test_support::TemporaryFolder made;
    const fs::path& folder = made.path;
    write_corpus_report(folder);
    write_data(folder);
    auto report = corpus::report_from_json(base::read_json_file(folder / "explore.json").value());
    report.examples = {"piece-1.mid", "gone.mid"};
    write_explore_page(report, folder / "explore.html", /*threads=*/2, base::silent_progress());
    const std::string page = base::read_file(folder / "explore.html").value();
    EXPECT_NE(page.find("8 found"), std::string::npos);
    EXPECT_NE(page.find("dynamics cannot be learned"), std::string::npos);
    EXPECT_NE(page.find("Pitch of notes"), std::string::npos);
    EXPECT_NE(page.find("Piano roll"), std::string::npos);
    EXPECT_EQ(page.find("<script>alert"), std::string::npos);
    EXPECT_EQ(page.find("http://"), page.find("http://www.w3.org/2000/svg"));
    EXPECT_TRUE(fs::exists(folder / "figures" / "corpus-pitch.gp"));
}

TEST(AccountHtml, EscapesNamesAndShowsEveryFate) {
    corpus::Account account;
    account.found = 3;
    account.used = account.refused = account.duplicates_music = 1;
    account.files = {{"a<b>.mid", corpus::FileFate::kRefused, "MID001", "x", "", {}},
                     {"c.mid", corpus::FileFate::kDuplicateMusic, "", "", "d.mid", {}}};
    const std::string html = account_html(account);
    EXPECT_NE(html.find("a&lt;b&gt;.mid"), std::string::npos);
    EXPECT_NE(html.find("d.mid"), std::string::npos);
    EXPECT_NE(html.find("Refused: 1 file"), std::string::npos);
}

}  // namespace
}  // namespace symphony::view
