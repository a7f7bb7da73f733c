#include "symphony/view/explore_page.h"

#include "symphony/base/process.h"
#include "symphony/corpus/atlas/accumulator.h"
#include "symphony/score/roles.h"
#include "symphony/view/matrix_picture.h"

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

// Everything the atlas draws, from real figures of small pieces.
TEST(ExplorePage, ShowsTheAtlas) {
    if (base::find_program("gnuplot").empty()) GTEST_SKIP() << "gnuplot is not installed";
    const test_support::TemporaryFolder made;
    corpus::CorpusAccumulator sums(corpus::GroupBy::kFolder);
    corpus::CorpusReport report;
    report.root = made.path.string();
    for (int i = 0; i < 24; ++i) {
        score::Score score = four_voices(20 + i);
        score::assign_roles(score);
        const std::string id = (i < 12 ? "a<b/" : "b/") + std::to_string(i) + ".mid";
        io::write_midi_file(made.path / id, score);
        sums.add(corpus::statistics_of(score, id, {}, false));
    }
    sums.finish(report);
    report.atlas.outliers = {
        {.id = "b/20.mid", .distance = 3, .reasons = {{.words = "odd & far"}}}};
    write_explore_page(report, made.path / "page.html", 2, base::silent_progress());
    const std::string page = base::read_file(made.path / "page.html").value();
    for (const char* text :
         {"id=\"harmony\"", "id=\"metre\"", "id=\"form\"", "id=\"roles\"", "id=\"groups\"",
          "odd &amp; far", "data:image/bmp", "a&lt;b", "Onsets in a bar of"})
        EXPECT_NE(page.find(text), std::string::npos) << text;
    EXPECT_EQ(page.find("a<b"), std::string::npos);
}

TEST(MatrixPicture, IsABitmapOfTheSizeItSays) {
    const std::vector<float> values{1, 0, 0, 1};
    const std::vector<std::int32_t> borders{1};
    const std::string html = matrix_picture_html(2, values, borders, "two \"bars\"");
    EXPECT_NE(html.find("two &quot;bars&quot;"), std::string::npos);
    // Header 118 bytes, four rows (two of the matrix, two of the strip) of four bytes: 134 bytes.
    const std::string prefix = "base64,";
    const std::string base64 = html.substr(html.find(prefix) + prefix.size());
    EXPECT_EQ(base64.substr(0, 6), "Qk2GAA");  // "BM", then 134 in four bytes
    EXPECT_EQ(base64.find('"'), (134u + 2) / 3 * 4);
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
