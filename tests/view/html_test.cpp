#include "symphony/view/html.h"

#include <gtest/gtest.h>

namespace symphony::view {
namespace {

TEST(Html, NumbersReadWell) {
    EXPECT_EQ(thousands(0), "0");
    EXPECT_EQ(thousands(-1234567), "-1,234,567");
    EXPECT_EQ(thousands(999), "999");
    EXPECT_EQ(percent(0.1234), "12.3 %");
    EXPECT_EQ(fixed(std::numeric_limits<double>::quiet_NaN(), 2), "–");
    EXPECT_EQ(span_of_time(59.4), "59 s");
    EXPECT_EQ(span_of_time(245), "4 min 5 s");
    EXPECT_EQ(span_of_time(3 * 3600 + 12 * 60), "3 h 12 min");
    EXPECT_EQ(join_words({"a", "b", "c"}), "a, b and c");
    EXPECT_EQ(counted(1, "piece"), "1 piece");
    EXPECT_EQ(counted(1200, "piece"), "1,200 pieces");
}

TEST(Html, DataUriIsBase64) {  // RFC 4648, section 10
    EXPECT_EQ(data_uri("a/b", ""), "data:a/b;base64,");
    EXPECT_EQ(data_uri("a/b", "f"), "data:a/b;base64,Zg==");
    EXPECT_EQ(data_uri("a/b", "fo"), "data:a/b;base64,Zm8=");
    EXPECT_EQ(data_uri("a/b", "foobar"), "data:a/b;base64,Zm9vYmFy");
    EXPECT_EQ(data_uri("a/b", "\xff\xfe\xfd"), "data:a/b;base64,//79");
}

TEST(Html, TextCannotBecomeMarkup) {
    const std::string bad = "\"><script>alert('x')</script>\xff";
    for (const std::string& html :
         {section("id", bad, ""), facts({{bad, bad}}), folded(bad, ""),
          format_table({.caption = bad, .headers = {bad}, .rows_html = {{escape(bad)}}}),
          format_page({.title = bad, .nav = {{"a", bad}}})}) {
        EXPECT_EQ(html.find("<script>alert"), std::string::npos) << html.substr(0, 300);
        EXPECT_NE(html.find("&lt;script&gt;"), std::string::npos);
        EXPECT_EQ(html.find('\xff'), std::string::npos);
    }
}

TEST(Html, APageLoadsNothing) {
    const std::string page =
        format_page({.title = "t", .body_html = section("s", "S", "<p>x</p>")});
    EXPECT_EQ(page.find("http://"), std::string::npos);
    EXPECT_EQ(page.find("https://"), std::string::npos);
    EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
    EXPECT_NE(page.find("<html lang=\"en\">"), std::string::npos);
    EXPECT_NE(page.find("--melody:"), std::string::npos);
}

}  // namespace
}  // namespace symphony::view
