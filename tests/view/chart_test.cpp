#include "symphony/view/chart.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/process.h"
#include "symphony/view/page_svg.h"

#include "temporary_folder.h"
#include <gtest/gtest.h>
#include <pugixml.hpp>

#include <cstdlib>

namespace symphony::view {
namespace {

struct ChartTest : testing::Test {
    test_support::TemporaryFolder made;
    std::filesystem::path folder = made.path;
};

bool has_gnuplot() { return !base::find_program("gnuplot").empty(); }

Chart losses() {
    Chart chart;
    chart.title = "It's a `date` & <i>loss</i> \"curve\"\n!touch x";
    chart.x.label = "steps";
    chart.y.label = "nats per token";
    chart.series = {{.name = "LSTM's $(loss)", .color = "lstm", .x = {1, 2, 3}, .y = {3, 2, 1.5}},
                    {.name = "RNN",
                     .mark = Mark::kIntervals,
                     .color = "rnn",
                     .x = {1, 2},
                     .y = {3, 2},
                     .low = {2.5, 1.5},
                     .high = {3.5, 2.5}}};
    chart.references = {{"n-gram", 2.2, "ngram"}};
    return chart;
}

TEST_F(ChartTest, ScriptAndDataStayBesideTheFigure) {
    if (!has_gnuplot()) GTEST_SKIP() << "gnuplot is not installed";
    for (const char* ending : {".svg", ".png", ".pdf"}) {
        const auto path = folder / (std::string("loss") + ending);
        write_chart(losses(), path);
        EXPECT_GT(std::filesystem::file_size(path), 2000u) << ending;
    }
    EXPECT_TRUE(std::filesystem::exists(folder / "loss.gp"));
    const std::string data = base::read_file(folder / "loss.dat").value();
    EXPECT_NE(data.find("2 2\n"), std::string::npos);
    EXPECT_NE(data.find("2 2 1.5 2.5"), std::string::npos);
}

TEST_F(ChartTest, TextInAScriptIsOnlyText) {
    const ChartSource source = format_chart(losses(), "d.dat", "o.svg");
    EXPECT_EQ(source.script.find('`'), std::string::npos);
    EXPECT_EQ(source.script.find("\n!"), std::string::npos);
    EXPECT_NE(source.script.find("'LSTM''s $(loss)'"), std::string::npos);
}

TEST_F(ChartTest, SeveralInOnePageDoNotClash) {
    if (!has_gnuplot()) GTEST_SKIP() << "gnuplot is not installed";
    Chart chart = losses();
    chart.series[0].mark = Mark::kLinePoints;
    const std::string one = inline_chart(chart, folder, "one");
    const std::string two = inline_chart(chart, folder, "two");
    EXPECT_NE(one.find("id=\"one-"), std::string::npos);
    EXPECT_NE(one.find("href=\"#one-"), std::string::npos);
    EXPECT_EQ(two.find("one-"), std::string::npos);
    EXPECT_NE(one.find("var(--lstm)"), std::string::npos);
    EXPECT_NE(one.find("role=\"img\""), std::string::npos);
    EXPECT_EQ(one.find("font-family"), std::string::npos);
    EXPECT_LT(one.size(), 12'000u);
}

TEST_F(ChartTest, AMissingGnuplotNamesThePackage) {
    const std::string path = std::getenv("PATH");
    ::setenv("PATH", folder.c_str(), 1);
    try {
        write_chart(losses(), folder / "a.svg");
        ADD_FAILURE() << "no error";
    } catch (const base::Error& error) {
        EXPECT_NE(error.hint.find("gnuplot-nox"), std::string::npos);
    }
    ::setenv("PATH", path.c_str(), 1);
}

TEST_F(ChartTest, AFailingGnuplotIsAnError) {
    if (!has_gnuplot()) GTEST_SKIP() << "gnuplot is not installed";
    Chart chart;
    chart.series = {{.name = "nothing"}};
    EXPECT_THROW(write_chart(chart, folder / "a.svg"), base::Error);
    EXPECT_THROW(write_chart(losses(), folder / "a.gif"), base::Error);
}

TEST(BarChart, RefusesMoreBarsThanCategories) {
    EXPECT_THROW(bar_chart("t", {"a"}, {{"x", "real", {1, 2}}}), base::Error);
}

TEST(PageSvg, DropsWhatRunsOrLoads) {
    const std::string page = page_svg(
        "<svg xmlns='http://www.w3.org/2000/svg' onload='x()'><script>x()</script><g><image "
        "href='http://a/b.png'/><path d='M0 0' fill='rgb(213,  94,   0)' "
        "onclick='x()'/><use xlink:href='http://evil/#a'/></g></svg>",
        "p", "a \"label\"");
    for (const char* bad : {"script", "onload", "onclick", "image", "evil"})
        EXPECT_EQ(page.find(bad), std::string::npos) << bad << page;
    EXPECT_NE(page.find("var(--melody)"), std::string::npos);
    EXPECT_NE(page.find("a &quot;label&quot;"), std::string::npos);
    EXPECT_THROW(page_svg("no svg", "p", "l"), base::Error);
}

}  // namespace
}  // namespace symphony::view
