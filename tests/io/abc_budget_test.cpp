// Small ABC files that ask for much: each is read or refused with a code, soon and in little
// memory. Without its budget each would take minutes, gigabytes, or read past the end of a vector.
#include "symphony/io/abc_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace symphony::io {
namespace {

constexpr char kHead[] = "X:1\nM:4/4\nL:1/8\nK:C\n";

std::string times(const std::string& text, int count) {
    std::string out;
    for (int i = 0; i < count; ++i) out += text;
    return out;
}

std::string pattern_lines(int count) {
    std::string out;
    for (int i = 0; i < count; ++i)
        out += "%%MIDI drum d" + std::to_string(1 + i % 60) + "z" + std::to_string(1 + i / 60) +
               "d " + std::to_string(i % 128) + "\n";
    return out;
}

std::string chord_name_lines(int count) {
    std::string out;
    for (int i = 0; i < count; ++i) out += "%%MIDI chordname k" + std::to_string(i) + " 0 7\n";
    return out;
}

base::Result<ScoreFile> parse(const std::string& text) {
    ReadOptions options;
    options.expand_repeats = true;
    return parse_abc(text, "greedy.abc", options);
}

bool has(const ScoreFile& file, const std::string& code) {
    for (const Diagnostic& each : file.diagnostics)
        if (each.code == code) return true;
    return false;
}

struct Case {
    std::string what, text, code;
    std::uint64_t notes = 0;  // 0: refused
};

TEST(AbcBudget, FilesThatAskForMuchAreCutOrRefusedWithACode) {
    std::string numbers = "[1";
    for (int i = 2; i < 60'000; ++i) numbers += "," + std::to_string(i);
    const std::vector<Case> cases{
        {"a rest of ten million bars", std::string(kHead) + "C8|Z9999999|C8|\n", "ABC103", 2},
        {"rests of more bars than are read", kHead + times("Z999|", 210) + "\n", "XML008"},
        {"bars without end", kHead + times("C|", 250'000) + "\n", "XML008"},
        {"chords of half a million notes",
         kHead + ("[" + times("C", 400'000)) + "]-[" + times("D", 400'000) + "]\n", "ABC103", 256},
        {"tied overlays", kHead + times("C-&", 100'000) + "\n", "XML203", 100'000},
        {"an ending for every pass", kHead + ("|:C|" + numbers) + " D:|[2 E|]\n", "ABC103", 48},
        {"parts that are played without end",
         "X:1\nP:((A99)99)99\nM:4/4\nL:1/4\nK:C\nP:A\n" + times("C4|", 100) + "\n", "ABC103", 1600},
        {"an accompaniment to bars without end",
         kHead + ("%%MIDI gchord " + times("b", 64)) + "\n\"C11\"" + times("C8|", 150'000) + "\n",
         "XML008"},
        {"patterns without end", kHead + pattern_lines(20'000) + "C8|\n", "ABC103", 1},
        {"kinds of chords without end", kHead + chord_name_lines(5'000) + "C8|\n", "ABC103", 1},
        {"words in a bar that is played often",
         kHead + ("|:" + times("\"a\"", 100'000)) + "C|[1-64 D:|[65 E|]\n" + times("C|", 99) + "\n",
         "XML005"},
    };
    for (const Case& each : cases) {
        SCOPED_TRACE(each.what);
        const auto file = parse(each.text);
        if (each.notes == 0) {
            ASSERT_FALSE(file.ok());
            EXPECT_EQ(file.error().message.substr(0, 6), each.code);
        } else {
            ASSERT_TRUE(file.ok()) << file.error().message;
            EXPECT_EQ(file.value().score.note_count(), each.notes);
            EXPECT_TRUE(has(file.value(), each.code));
        }
    }
}

TEST(AbcBudget, NumbersThatGrowStayInRange) {
    const score::Score broken = parse(kHead + ("C" + times("> ", 5000)) + "D\n").value().score;
    ASSERT_EQ(broken.note_count(), 2u);
    EXPECT_GT(broken.parts[0].notes[0].duration.value, 0);
    EXPECT_GE(broken.parts[0].notes[1].onset, broken.parts[0].notes[0].end());
    const std::string raised = "X:1\n" + times("%%MIDI transpose 48\n", 3000) + "K:C\n";
    EXPECT_EQ(parse(raised + times("C", 100'000) + "\n").value().score.note_count(), 100'000u);
    EXPECT_TRUE(parse("X:1\nM:255/1\nL:1\nK:C\n" + times("C65535|", 2000) + "\n").ok());
    EXPECT_TRUE(parse(kHead + times("(65535:65535:65535C|", 2000) + "\n").ok());
}

TEST(AbcBudget, BarsTooShortForATickFollowEachOther) {
    const score::Score score =
        parse(std::string(kHead) + "c////////////////4|e////////////////4|g/////////////////|c8|\n")
            .value()
            .score;
    score::Ticks at;
    for (const score::Bar& bar : score.bars) {
        EXPECT_EQ(bar.onset, at);
        EXPECT_GT(bar.length, score::Ticks(0));
        at = bar.onset + bar.length;
    }
    EXPECT_EQ(score.bars.size(), 4u);
}

TEST(AbcBudget, ChangesOfMetreInManyVoicesTakeTimeInProportion) {
    std::string text = std::string(kHead) + "%%MIDI gchord fc\n";
    for (int voice = 0; voice < 64; ++voice) text += "V:" + std::to_string(voice) + "\n\"c\"C8|\n";
    text += "V:0\n" + times("[M:3/4]z6|[M:4/4]z8|", 40'000) + "\n";
    EXPECT_TRUE(parse(text).ok());
}

TEST(AbcBudget, ABookOfManyTunesTakesTimeInProportion) {
    const std::string text =
        kHead + times("\"a\"", 150'000) + "C8|\n" + times("X:1\nK:C\n", 60'000);
    EXPECT_EQ(parse(text).value().score.note_count(), 1u);
}

}  // namespace
}  // namespace symphony::io
