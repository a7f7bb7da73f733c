#include "symphony/view/text_roll.h"

#include "synthetic.h"
#include <gtest/gtest.h>

#include <algorithm>

namespace symphony::view {
namespace {

TEST(TextRoll, FitsTheTerminalAndRulesBars) {
    const std::string roll = format_text_roll(four_voices(8), {.columns = 60, .max_rows = 12});
    EXPECT_LE(std::count(roll.begin(), roll.end(), '\n') + 1, 13);
    EXPECT_NE(roll.find("C4"), std::string::npos);
    EXPECT_NE(roll.find("│"), std::string::npos);
    EXPECT_EQ(roll.find('\x1b'), std::string::npos);
    EXPECT_NE(format_text_roll(four_voices(8), {.colors = true}).find("\x1b[38;5;166m"),
              std::string::npos);
    EXPECT_EQ(format_text_roll(score::Score{}), "");
}

TEST(Summary, TextOfAFileCannotSteerTheTerminal) {
    score::Score score = four_voices();
    score.title = "a\x1b[2Jb\nc";
    score.parts[0].name = "\x1b]0;x\x07";
    const std::string text = summarise(score);
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    EXPECT_NE(text.find("a[2Jbc"), std::string::npos);
    EXPECT_NE(text.find("D minor"), std::string::npos);
    EXPECT_NE(text.find("5 bars, 68 notes"), std::string::npos);
}

TEST(Summary, JsonNamesPartsAndRoles) {
    const auto json = summary_json(four_voices());
    EXPECT_EQ(json["parts"].size(), 4u);
    EXPECT_EQ(json["parts"][3]["role"], "bass");
    EXPECT_EQ(json["key_given"], true);
    EXPECT_EQ(json["meter"], "4/4");
}

}  // namespace
}  // namespace symphony::view
