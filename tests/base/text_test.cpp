#include "symphony/base/text.h"

#include <gtest/gtest.h>

namespace symphony::base {
namespace {

TEST(Text, NearestName) {
    const std::vector<std::string> names{"hidden-size", "layers", "dropout"};
    EXPECT_EQ(nearest_name("layer", names), "layers");
    EXPECT_EQ(nearest_name("hiden-size", names), "hidden-size");
    EXPECT_EQ(nearest_name("zzzzzz", names), "");
}

TEST(Text, SplitKeepsEmptyParts) {
    EXPECT_EQ(split("a,,b", ','), (std::vector<std::string>{"a", "", "b"}));
    EXPECT_EQ(trim("  a b\r\n"), "a b");
}

TEST(Text, EscapeXmlLeavesNoMarkup) {
    EXPECT_EQ(escape_xml("<a b='c'>&\x01"), "&lt;a b=&#39;c&#39;&gt;&amp;");
}

TEST(Text, ToUtf8KeepsUtf8AndReadsTheRestAsLatin1) {
    EXPECT_EQ(to_utf8("Fr\xc3\xa9"
                      "d"),
              "Fr\xc3\xa9"
              "d");
    EXPECT_EQ(to_utf8("Fr\xe9"
                      "d"),
              "Fr\xc3\xa9"
              "d");
    EXPECT_EQ(to_utf8("\xc0\x80"), "\xc3\x80\xc2\x80");  // overlong
    EXPECT_EQ(to_utf8("\xed\xa0\x80").size(), 6u);       // surrogate
}

}  // namespace
}  // namespace symphony::base
