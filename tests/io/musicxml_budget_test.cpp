// Small MusicXML files that ask for much: each is read or refused with a code, soon and in little
// memory.
#include "symphony/io/musicxml_reader.h"

#include <gtest/gtest.h>

#include <string>

namespace symphony::io {
namespace {

std::string times(const std::string& text, int count) {
    std::string out;
    for (int i = 0; i < count; ++i) out += text;
    return out;
}

std::string note(const std::string& more = "") {
    return "<note><pitch><step>C</step><octave>4</octave></pitch><duration>1</duration>" + more +
           "</note>";
}

base::Result<ScoreFile> parse(const std::string& measures) {
    ReadOptions options;
    options.expand_repeats = true;
    return parse_musicxml(
        "<score-partwise><part-list><score-part id=\"P1\"/></part-list>"
        "<part id=\"P1\">" +
            measures + "</part></score-partwise>",
        "greedy.musicxml", options);
}

const std::string kDivisions = "<attributes><divisions>1</divisions></attributes>";
const std::string kOpens = "<barline location=\"left\"><repeat direction=\"forward\"/></barline>";
const std::string kCloses =
    "<barline location=\"right\"><repeat direction=\"backward\" times=\"1000000000\"/></barline>";

TEST(MusicXmlBudget, WordsThatARepeatWouldMultiplyAreRefused) {
    const std::string words =
        "<direction><direction-type><words>a</words></direction-type></direction>";
    const auto file = parse("<measure>" + kOpens + kDivisions + note() + times(words, 130'000) +
                            kCloses + "</measure>" + times("<measure/>", 20));
    ASSERT_FALSE(file.ok());
    EXPECT_EQ(file.error().message.substr(0, 6), "XML005");
}

TEST(MusicXmlBudget, AnEndingThatIsNeverPlayedIsSteppedOver) {
    const auto file =
        parse("<measure>" + kOpens + kDivisions + note() + "</measure>" +
              "<measure><barline location=\"left\"><ending number=\"50\" type=\"start\"/></barline>"
              "</measure>" +
              times("<measure/>", 50'000) +
              "<measure><barline location=\"right\"><ending number=\"50\" type=\"stop\"/></barline>"
              "</measure><measure>" +
              kCloses + "</measure>");
    EXPECT_EQ(file.value().score.note_count(), 2u);
}

TEST(MusicXmlBudget, TiesOfOneChordAreSearchedWithinBounds) {
    const auto file = parse("<measure>" + kDivisions + note() +
                            times(note("<chord/><tie type=\"start\"/>"), 50'000) + "</measure>");
    EXPECT_EQ(file.value().score.note_count(), 50'001u);
}

TEST(MusicXmlBudget, FarJumpsAndFineDivisionsStayInRange) {
    const std::string far = "<duration>1000000000</duration>";
    EXPECT_EQ(
        parse("<measure>" + kDivisions + "<forward>" + far + "</forward>" + note() + "<backup>" +
              far + "</backup><backup>" + far + "</backup>" + note() + "</measure>")
            .value()
            .score.note_count(),
        2u);
    std::string divisions;
    for (int i = 1; i < 30'000; ++i)
        divisions += "<attributes><divisions>" + std::to_string(999'970'000 + i) +
                     "</divisions></attributes>";
    EXPECT_EQ(parse("<measure>" + divisions + kDivisions + note() + "</measure>")
                  .value()
                  .score.note_count(),
              1u);
}

}  // namespace
}  // namespace symphony::io
