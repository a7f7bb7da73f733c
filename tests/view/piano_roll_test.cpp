#include "symphony/view/piano_roll.h"

#include "synthetic.h"
#include <gtest/gtest.h>
#include <pugixml.hpp>

#include <algorithm>
#include <functional>
#include <set>

namespace symphony::view {
namespace {

using score::Ticks;

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t n = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
    return n;
}

// Strokes ("M…h…") of the path painted `stroke`.
std::size_t strokes_of(const std::string& svg, std::string_view stroke, const char* tag = "path") {
    pugi::xml_document document;
    EXPECT_TRUE(document.load_string(svg.c_str()));
    std::size_t n = 0;
    for (const auto& node : document.child("svg").children(tag))
        if (node.attribute("stroke").value() == stroke &&
            node.attribute("stroke-width").as_double() > 2)
            n += count(node.attribute("d").value(), "M");
    return n;
}

TEST(PianoRoll, EveryNoteIsDrawnInTheColourOfItsRole) {
    const score::Score score = four_voices();
    const std::string svg = format_piano_roll(score, {.legend = false});
    EXPECT_EQ(strokes_of(svg, color("melody").light), 17u);
    EXPECT_EQ(strokes_of(svg, color("harmony").light), 17u);
    EXPECT_EQ(strokes_of(svg, color("harmony-2").light), 17u);
    EXPECT_EQ(strokes_of(svg, color("bass").light), 17u);
}

TEST(PianoRoll, TextIsEscapedAndNothingRunsOrLoads) {
    const std::string svg = format_piano_roll(four_voices());
    pugi::xml_document document;
    ASSERT_TRUE(document.load_string(svg.c_str()));
    EXPECT_EQ(svg.find("<b>"), std::string::npos);
    EXPECT_NE(svg.find("A &lt;b&gt;small&lt;/b&gt; &amp; &quot;quoted&quot; piece"),
              std::string::npos);
    EXPECT_EQ(count(svg, "http"), 1u);  // the namespace
    EXPECT_EQ(svg.find("script"), std::string::npos);
    EXPECT_EQ(svg.find(" id="), std::string::npos);
}

TEST(PianoRoll, AnUpbeatIsBarZeroAndLongPiecesBreakAtBars) {
    const score::Score score = four_voices(30);
    const std::string svg = format_piano_roll(score, {.quarters_per_line = 40});
    EXPECT_NE(svg.find(">0</text>"), std::string::npos);
    EXPECT_NE(svg.find(">30</text>"), std::string::npos);
    EXPECT_EQ(svg.find(">31</text>"), std::string::npos);
    // 121 quarters at 9 or 10 bars a line are four lines: the octave label C4 stands on each.
    EXPECT_EQ(count(svg, ">C4</text>"), 4u);
}

TEST(PianoRoll, ShowsOnlyTheBarsAskedFor) {
    const score::Score score = four_voices(8);
    const std::string svg = format_piano_roll(score, {.first_bar = 1, .bars = 2, .legend = false});
    EXPECT_EQ(strokes_of(svg, color("melody").light), 8u);
}

TEST(PianoRoll, MarksAreFramedAndLabelled) {
    RollOptions options;
    options.marks = {{Ticks(4), Ticks(12), 50, 62, "5th"}};
    const std::string svg = format_piano_roll(four_voices(), options);
    EXPECT_NE(svg.find("<rect"), std::string::npos);
    EXPECT_NE(svg.find(">5th</text>"), std::string::npos);
}

TEST(PianoRoll, DrumsHaveTheirOwnNamedRows) {
    score::Score score = four_voices();
    score.parts.push_back({.name = "Kit", .is_drums = true, .role = score::Role::kDrums});
    for (int i = 0; i < 5; ++i)
        score.parts.back().notes.push_back({Ticks(4 * i), Ticks(1), 36, 100});
    const std::string svg = format_piano_roll(score);
    EXPECT_NE(svg.find(">bass drum</text>"), std::string::npos);
    EXPECT_NE(svg.find("Kit (drums)"), std::string::npos);
}

TEST(PianoRoll, ThePageDressUsesVariablesOnly) {
    const std::string svg = format_piano_roll(four_voices(), {.dress = Dress::kPage});
    EXPECT_NE(svg.find("var(--melody)"), std::string::npos);
    for (const Color& known : palette())
        EXPECT_EQ(svg.find(std::string(known.light)), std::string::npos) << known.name;
}

TEST(PianoRoll, AnEmptyScoreAndAnEndlessBarAreDrawn) {
    EXPECT_NE(format_piano_roll(score::Score{}).find("</svg>"), std::string::npos);
    score::Score score;
    score.parts.push_back({});
    score.parts[0].notes.push_back({Ticks(0), Ticks(480 * 200), 60, 80});
    score.bars = {{Ticks(0), Ticks(480 * 200), {4, 4}}};
    EXPECT_EQ(count(format_piano_roll(score), ">C4</text>"), 5u);
}

TEST(PianoRolls, ShareTheirPitchRows) {
    score::Score low = four_voices(), high = four_voices();
    for (auto& note : high.parts[0].notes) note.pitch = 98;
    const RollPanel panels[] = {{&low, {}}, {&high, {}}};
    const std::string svg = format_piano_rolls(panels);
    EXPECT_EQ(count(svg, ">C7</text>"), 2u);
    pugi::xml_document document;
    EXPECT_TRUE(document.load_string(svg.c_str()));
}

TEST(PianoRoll, IsSmall) {
    const score::Score score = four_voices(50);
    EXPECT_LT(format_piano_roll(score).size(), 20 * score.note_count() + 12'000);
}

TEST(Palette, LightValuesAreAllDifferent) {
    std::set<std::string_view> seen;
    for (const Color& known : palette()) EXPECT_TRUE(seen.insert(known.light).second) << known.name;
}

}  // namespace
}  // namespace symphony::view
