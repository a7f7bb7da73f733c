// JSON read from files: the same tree as nlohmann-json's own, however many keys; what is no JSON is
// an error, numbers beyond a double among it.
#include "symphony/base/json_line.h"

#include <gtest/gtest.h>

#include <string>

namespace symphony::base {
namespace {

TEST(ParseJson, GivesTheTreeOfTheLibrary) {
    std::string many = "{";
    for (int i = 0; i < 100; ++i)
        many += "\"key" + std::to_string(i % 70) + "\":" + std::to_string(i) + ",";
    many += "\"last\":[]}";
    for (const std::string& text :
         {std::string("7"), std::string("[]"), std::string("{}"), std::string("\"a\\u00e9\""),
          std::string(R"({"b":[1,-2,3.5,true,null,{"c":{}},[[]]],"a":"x","b":2})"),
          std::string("[1,{\"a\":[{\"b\":1},{\"b\":2}]},3]"), many}) {
        const auto parsed = parse_json(text);
        ASSERT_TRUE(parsed.ok()) << text;
        EXPECT_EQ(parsed.value().dump(), Json::parse(text).dump());
    }
}

TEST(ParseJson, RefusesWhatIsNoJsonAndSaysWhere) {
    for (const char* text : {"", "{", "[1,", "{\"a\" 1}", "[1] x", "\"\xff\"", "nul"})
        EXPECT_FALSE(parse_json(text).ok()) << text;
    EXPECT_FALSE(parse_json("[1e999]").ok());
    EXPECT_FALSE(parse_json("-5E475169348088507").ok());
    const auto late = parse_json("[1, 2, x]", "f.json");
    ASSERT_FALSE(late.ok());
    EXPECT_EQ(late.error().path, "f.json");
    EXPECT_EQ(late.error().offset, 8);
}

TEST(JsonLine, HoldsAnyNameOfTheUsersAsText) {
    EXPECT_EQ(json_line({{"name", "r\xf6t"}, {"takes", {1, 2}}}),
              "{\"name\":\"r\xef\xbf\xbdt\",\"takes\":[1,2]}");
}

TEST(ParseJson, TakesTimeInProportionToItsKeys) {
    std::string text = "{";
    for (int i = 0; i < 100000; ++i) text += "\"" + std::to_string(i) + "\":0,";
    text.back() = '}';
    EXPECT_EQ(parse_json(text).value().size(), 100000U);
}

}  // namespace
}  // namespace symphony::base
