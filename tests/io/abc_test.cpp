// ABC: what its signs mean, tune books, broken text, and tunes that are written and read again.
#include "symphony/base/rng.h"
#include "symphony/io/abc_fields.h"
#include "symphony/io/abc_reader.h"
#include "symphony/io/abc_writer.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace symphony::io {
namespace {

using score::Ticks;

score::Score read(const std::string& text, bool expands = false) {
    ReadOptions options;
    options.expand_repeats = expands;
    return parse_abc(text, "test", options).value().score;
}

score::Score tune(const std::string& music, const std::string& key = "C",
                  const std::string& fields = "M:4/4\nL:1/4\n") {
    return read("X:1\n" + fields + "K:" + key + "\n" + music + "\n");
}

// "onset+length:pitch", in quarters.
std::string notes_of(const score::Score& score, std::size_t part = 0) {
    std::string text;
    for (const score::Note& note : score.parts.at(part).notes) {
        const auto quarters = [&](Ticks at) {
            return static_cast<double>(at.value) / score.ticks_per_quarter;
        };
        text += fmt::format("{}{:.4g}+{:.4g}:{}", text.empty() ? "" : " ", quarters(note.onset),
                            quarters(note.duration), note.pitch);
    }
    return text;
}

struct Case {
    std::string what, music, key, notes;
};

TEST(Abc, SignsMeanNotes) {
    const std::vector<Case> cases{
        {"octaves", "C,, C c c'", "C", "0+1:36 1+1:60 2+1:72 3+1:84"},
        {"lengths", "C2 C/2 C/ C3/2", "C", "0+2:60 2+0.5:60 2.5+0.5:60 3+1.5:60"},
        {"a quarter of the unit", "C// C4", "C", "0+0.25:60 0.25+4:60"},
        {"accidentals", "^C _D =F ^^G", "C", "0+1:61 1+1:61 2+1:65 3+1:69"},
        {"accidentals hold for the bar, in all octaves", "^F F f | F", "C",
         "0+1:66 1+1:66 2+1:78 3+1:65"},
        {"a key", "F C G", "D", "0+1:66 1+1:61 2+1:67"},
        {"a mode", "F B", "Ddor", "0+1:65 1+1:71"},
        {"a key by its accidentals", "F B", "C exp ^f _b", "0+1:66 1+1:70"},
        {"accidentals behind the key without a space", "F A c B", "C^f^a",
         "0+1:66 1+1:70 2+1:72 3+1:71"},
        {"and behind its mode", "F C B", "Ddor^c_b", "0+1:65 1+1:61 2+1:70"},
        {"rests", "C z C2", "C", "0+1:60 2+2:60"},
        {"whole-bar rests", "Z2 | C4", "C", "8+4:60"},
        {"chords", "[CEG]2 [C2E2] ", "C", "0+2:60 0+2:64 0+2:67 2+2:60 2+2:64"},
        {"ties", "C4- | C2 C2", "C", "0+6:60 6+2:60"},
        {"a tie carries its accidental", "^F4- | F2 F2", "C", "0+6:66 6+2:65"},
        {"triplets", "(3CDE F2", "C", "0+0.6667:60 0.6667+0.6667:62 1.333+0.6667:64 2+2:65"},
        {"a tuplet in full", "(3:2:2C2D F2", "C", "0+1.333:60 1.333+0.6667:62 2+2:65"},
        {"broken rhythm", "C>D E<F", "C", "0+1.5:60 1.5+0.5:62 2+0.5:64 2.5+1.5:65"},
        {"doubly broken rhythm", "C>>D", "C", "0+1.75:60 1.75+0.25:62"},
        {"grace notes are left out", "{cd}C {/e}D", "C", "0+1:60 1+1:62"},
        {"decorations and slurs", "(.C ~D) !trill!E vF +fermata+G", "C",
         "0+1:60 1+1:62 2+1:64 3+1:65 4+1:67"},
        {"chord symbols", "\"Am7\"A \"^slow\"B", "C", "0+1:69 1+1:71"},
        {"an overlay", "C4 & E2 G2 | C4", "C", "0+4:60 0+2:64 2+2:67 4+4:60"},
        {"inline fields", "C [L:1/8] C [K:D] F", "C", "0+1:60 1+0.5:60 1.5+0.5:66"},
        {"a comment", "C % not D", "C", "0+1:60"},
        {"a key that transposes", "C", "C clef=treble-8 transpose=2", "0+1:50"},
    };
    for (const Case& each : cases) {
        SCOPED_TRACE(each.what);
        EXPECT_EQ(notes_of(tune(each.music, each.key)), each.notes);
    }
}

TEST(Abc, FieldsSayHow) {
    const score::Score score =
        read("X:1\nT:First\nT:Second\nC:Someone\nM:6/8\nQ:3/8=80\nK:F#m\nA3 B3|[M:2/4]c2d2|\n");
    EXPECT_EQ(score.title, "First");
    EXPECT_EQ(score.composer, "Someone");
    EXPECT_DOUBLE_EQ(score.tempos.at(0).quarters_per_minute, 120);
    EXPECT_EQ(score.keys.at(0).key, (score::Key{3, true}));
    ASSERT_EQ(score.meters.size(), 2u);
    EXPECT_EQ(score.meters[1].meter, (score::Meter{2, 4}));
    EXPECT_EQ(score.bars.at(1).onset.value, 3 * score.ticks_per_quarter);
    EXPECT_EQ(notes_of(read("X:1\nM:2/4\nK:C\nCD\n")), "0+0.25:60 0.25+0.25:62");  // sixteenths
    EXPECT_EQ(notes_of(read("X:1\nM:C\nK:C\nCD\n")), "0+0.5:60 0.5+0.5:62");
}

TEST(Abc, ATransposeDirectiveTakesThePlaceOfTheOneBefore) {
    EXPECT_EQ(notes_of(read("X:1\nM:4/4\nL:1/4\n%%MIDI transpose 2\nK:C octave=-1\nC4|\n"
                            "%%MIDI transpose 5\nC4|\n")),
              "0+4:50 4+4:53");
}

TEST(Abc, WhatCannotBeHeldIsSaid) {
    const auto codes = [](const std::string& text) {
        const ScoreFile file = parse_abc(text, "test").value();
        std::string found;
        for (const Diagnostic& each : file.diagnostics) found += each.code + " ";
        return found;
    };
    const std::string quarter_tones = "^/F _/B ^3/2F F";
    EXPECT_EQ(notes_of(tune(quarter_tones)), "0+1:65 1+1:71 2+1:66 3+1:66");
    EXPECT_EQ(codes("X:1\nM:4/4\nL:1/4\nK:C\n" + quarter_tones + "\n"), "XML205 ");
    const auto ordered = [&](const std::string& order) {
        return codes("X:1\nP:" + order + "\nM:4/4\nL:1/4\nK:C\nP:A\nCDEF|\n");
    };
    EXPECT_EQ(ordered("AA"), "");
    EXPECT_EQ(ordered("AB"), "ABC201 ");
    EXPECT_EQ(ordered("Verse"), "ABC201 ");
    EXPECT_EQ(ordered("(A9999)9999"), "ABC103 ");
    EXPECT_EQ(codes("X:1\nM:4/4\nL:1/4\nK:C\n\"Cadd9\"C4|\"Fine\"C4|\n"), "");
    EXPECT_EQ(codes("X:1\nM:4/4\nL:1/4\nK:C\n%%MIDI gchordon\n\"Cadd9\"C4|\n"), "ABC202 ");
    EXPECT_EQ(codes("X:1\nM:4/4\nL:1/4\nK:C\n%%MIDI gchord fqc\nC4|\n"), "ABC101 ");
    EXPECT_EQ(codes("X:1\nM:4/4\nL:1/4\nK:C\n%%MIDI drum " + std::string(100, 'd') + "\nC4|\n"),
              "ABC103 ");
}

TEST(Abc, UpbeatsAndRepeats) {
    const std::string music = "G | C4 :| D4 |1 E4 :|2 F4 |]";
    EXPECT_EQ(tune(music).bars.at(0).length.value, tune(music).ticks_per_quarter);
    EXPECT_EQ(notes_of(tune(music)), "0+1:67 1+4:60 5+4:62 9+4:64 13+4:65");
    EXPECT_EQ(notes_of(read("X:1\nM:4/4\nL:1/4\nK:C\n|: C4 |1 D4 :|2 E4 |]\n", true)),
              "0+4:60 4+4:62 8+4:60 12+4:64");
    EXPECT_EQ(notes_of(read("X:1\nM:4/4\nL:1/4\nK:C\nC4 :: D4 :|\n", true)),
              "0+4:60 4+4:60 8+4:62 12+4:62");
}

TEST(Abc, VoicesAreParts) {
    const score::Score score = read(
        "X:1\nM:4/4\nL:1/4\nV:1 name=\"Tune\"\nV:2 name=Bass clef=bass octave=-1\n%%MIDI program "
        "40\n"
        "K:C\nV:1\nC4|D4|\n[V:2] C4|D4|\nV:1\nE4|\nV:2\nE4|\n");
    ASSERT_EQ(score.parts.size(), 2u);
    EXPECT_EQ(score.parts[0].name, "Tune");
    EXPECT_EQ(score.parts[1].name, "Bass");
    EXPECT_EQ(notes_of(score, 0), "0+4:60 4+4:62 8+4:64");
    EXPECT_EQ(notes_of(score, 1), "0+4:48 4+4:50 8+4:52");
}

TEST(Abc, TheFirstVoiceThatIsNamedBeginsTheTune) {
    const score::Score score =
        read("X:1\nM:4/4\nL:1/4\nK:C\nV:1 name=Tune\nC4|\nV:2 octave=-1\nE4|\n");
    ASSERT_EQ(score.parts.size(), 2u);
    EXPECT_EQ(score.parts[0].name, "Tune");
    EXPECT_EQ(notes_of(score, 1), "0+4:52");
}

TEST(Abc, PartsArePlayedInTheirOrderWhereRepeatsAre) {
    const std::string text = "X:1\nP:BAB\nM:4/4\nL:1/4\nK:C\nP:A\n|:C4:|\nP:B\n[M:3/4]E3|\n";
    EXPECT_EQ(notes_of(read(text)), "0+4:60 4+3:64");
    EXPECT_EQ(notes_of(read(text, true)), "0+3:64 3+4:60 7+4:60 11+3:64");
    // A tune that jumps back does so in itself.
    EXPECT_EQ(notes_of(read("X:1\nM:4/4\nL:1/4\nK:C\nC4|\n\nX:2\nM:4/4\nL:1/4\nK:C\n"
                            "D4|!fine!E4|!D.C.!F4|\n",
                            true)),
              "0+4:60 4+4:62 8+4:64 12+4:65 16+4:62 20+4:64");
}

TEST(Abc, AnAccompanimentThatIsAskedForIsPlayed) {
    const std::string head = "X:1\nM:3/4\nL:1/4\nK:C\n";
    const std::string chords = "\"Am\"c3|\"^slower\"d3|\n";
    EXPECT_EQ(read(head + chords).parts.size(), 1u);  // words
    EXPECT_EQ(read(head + "%%MIDI gchordoff\n" + chords).parts.size(), 1u);
    const score::Score score = read(head +
                                    "%%MIDI chordprog 24\n%%MIDI bassvol 33\n"
                                    "%%MIDI drum d2d 36 38 90 20\n%%MIDI drumon\n" +
                                    chords);
    ASSERT_EQ(score.parts.size(), 4u);
    EXPECT_EQ(score.texts.size(), 2u);
    EXPECT_EQ(score.parts[1].name, "Bass");
    EXPECT_EQ(notes_of(score, 1), "0+0.5:45 3+0.5:45");
    EXPECT_EQ(score.parts[1].notes[0].velocity, 33);
    EXPECT_EQ(score.parts[2].name, "Chords");
    EXPECT_EQ(notes_of(score, 2).substr(0, 47), "1+0.5:57 1+0.5:60 1+0.5:64 2+0.5:57 2+0.5:60 2+");
    EXPECT_EQ(score.parts[2].notes[0].velocity, 75);
    EXPECT_EQ(score.parts[2].programs.back().program, 24);
    EXPECT_EQ(score.parts[3].name, "Drums");
    EXPECT_TRUE(score.parts[3].is_drums);
    EXPECT_EQ(notes_of(score, 3), "0+2:36 2+1:38 3+2:36 5+1:38");
    EXPECT_EQ(score.parts[3].notes[1].velocity, 20);
}

TEST(Abc, OnlyMidiDirectivesAreHeard) {
    const auto parts = [&](const std::string& line) {
        return read("X:1\nM:3/4\nL:1/4\nK:C\n" + line + "\n\"Am\"c3|\n").parts.size();
    };
    EXPECT_EQ(parts("%%MIDI gchordon"), 3u);
    EXPECT_EQ(parts("I:MIDI = gchordon"), 3u);
    EXPECT_EQ(parts("[I: MIDI=program 3 MIDI = gchordon]"), 3u);
    EXPECT_EQ(parts("%%text as MIDI gchordon"), 1u);
    EXPECT_EQ(parts("I:abc-creator midi2abc MIDI gchordon"), 1u);
    EXPECT_EQ(parts("%%MIDI drummap d 40"), 1u);
}

TEST(Abc, EachTuneOfABookHasItsOwnAccompaniment) {
    const std::string tune = "M:4/4\nL:1/4\nK:C\n\"C\"c4|\n\n";
    const score::Score score =
        read("X:1\n%%MIDI chordname m 0 3\n%%MIDI gchord f2c2\n%%MIDI bassprog 40\n" + tune +
             "X:2\n" + tune + "X:3\n%%MIDI gchordon\nM:4/4\nL:1/4\nK:C\nc4|\"Dm\"d2d2|\n");
    ASSERT_EQ(score.parts.size(), 3u);
    EXPECT_EQ(notes_of(score, 1), "0+2:36 12+0.5:38 14+0.5:38");
    EXPECT_EQ(notes_of(score, 2), "2+2:48 2+2:52 2+2:55 13+0.5:50 13+0.5:53 15+0.5:50 15+0.5:53");
    ASSERT_EQ(score.parts[1].programs.size(), 2u);
    EXPECT_EQ(score.parts[1].programs[0].program, 40);
    EXPECT_EQ(score.parts[1].programs[1].program, 0);
}

TEST(Abc, AccompanimentEndsWithItsBarAndItsVoice) {
    const score::Score score =
        read("X:1\nM:4/4\nL:1/4\nK:C\n%%MIDI gchord ff\nV:1\n\"C\"c|c4|c3|\nV:2\nE|E4|E3|E4|\n");
    ASSERT_EQ(score.parts.size(), 3u);
    EXPECT_EQ(notes_of(score, 2), "0+1:36 1+2:36 3+2:36 5+2:36 7+1:36");
}

TEST(Abc, WordsStandAtTheirNotes) {
    const score::Score score = tune("C D E F | G2 A2\nw: A-ve Ma- * | Glo~ri a");
    std::string words;
    for (const score::Text& text : score.parts.at(0).texts)
        words += fmt::format("{}:{} ", text.onset.value / score.ticks_per_quarter, text.text);
    EXPECT_EQ(words, "0:A- 1:ve 2:Ma- 4:Glo ri 6:a ");
}

TEST(Abc, TunesOfABookFollowEachOther) {
    const score::Score score = read(
        "%abc-2.1\nX:1\nT:One\nM:3/4\nL:1/4\nQ:1/4=60\nK:G\nF3|\n\nfree text | here\n\n"
        "X:2\nT:Two\nM:4/4\nL:1/4\nK:C\nF4|\n");
    EXPECT_EQ(score.title, "One");
    EXPECT_EQ(notes_of(score), "0+3:66 3+4:65");
    EXPECT_EQ(score.meters.size(), 2u);
    EXPECT_EQ(score.keys.size(), 2u);
    ASSERT_EQ(score.tempos.size(), 2u);
    EXPECT_DOUBLE_EQ(score.tempos[1].quarters_per_minute, 120);
}

TEST(Abc, WhatIsNoAbcIsRefusedAndBrokenTextIsRead) {
    for (const std::string text :
         {"", "X:1\n", "K:C\nCDE", "an essay about X: and K:", "\0X:1\nK:C\n"})
        EXPECT_FALSE(parse_abc(text, "bad").ok()) << text;
    const auto file = parse_abc("X:1\nM:7/9\nL:x\nK:Q\nC D \x01 [E | (3 \"never", "bad").value();
    EXPECT_EQ(file.grade, Grade::kRepaired);
    EXPECT_FALSE(file.diagnostics.empty());
    EXPECT_EQ(file.diagnostics[0].code, "ABC101");
    ReadOptions strict;
    strict.strictness = Strictness::kStrict;
    EXPECT_FALSE(parse_abc("X:1\nL:x\nK:C\nC", "bad", strict).ok());
    ReadOptions few;
    few.max_notes = 3;
    EXPECT_FALSE(parse_abc("X:1\nK:C\nCDEFG\n", "many", few).ok());
    EXPECT_EQ(read("X:1\nT:\xCF\xE5\xF1\xED\xFF\nK:C\nC\n").title, "Песня");
}

TEST(Abc, AnyFileOfTheKindIsRecognisedByItsBytes) {
    EXPECT_EQ(parse_score("X:1\nK:C\nCDE\n", "tune").value().score.note_count(), 3u);
    EXPECT_TRUE(has_music_ending("book.ABC"));
}

// A tune of one voice on a grid that ABC can name.
score::Score random_tune(std::uint64_t index) {
    base::Rng rng(8, "abc", index);
    const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(rng.below(n)); };
    score::Score score;
    score.ticks_per_quarter = 24;
    score.title = "Tune " + std::to_string(index);
    const score::Meter meter{static_cast<std::uint8_t>(2 + below(5)), 4};
    score.meters.push_back({Ticks(0), meter});
    score.keys.push_back({Ticks(0), {static_cast<std::int8_t>(below(15) - 7), below(2) == 0}});
    score.tempos.push_back({Ticks(0), 40.0 + static_cast<double>(below(200))});
    score::Part part;
    for (std::int64_t at = below(30); part.notes.size() < 60; at += below(3) == 0 ? below(60) : 0) {
        constexpr std::array kLengths{3, 4, 6, 8, 12, 16, 18, 24, 48, 100};
        const std::int64_t length = kLengths[static_cast<std::size_t>(below(kLengths.size()))];
        part.notes.push_back({.onset = Ticks(at),
                              .duration = Ticks(length),
                              .pitch = static_cast<std::uint8_t>(30 + below(70)),
                              .velocity = 80,
                              .voice = 1});
        at += length;
    }
    score.parts.push_back(part);
    const Ticks middle = part.notes[30].onset;
    score.keys.push_back({middle, {static_cast<std::int8_t>(below(15) - 7), false}});
    return score;
}

TEST(Abc, ATuneThatIsWrittenReadsAsItWas) {
    for (std::uint64_t index = 0; index < 200; ++index) {
        const score::Score score = random_tune(index);
        const std::string text = format_abc(score).value();
        ReadOptions strict;
        strict.strictness = Strictness::kStrict;
        const ScoreFile again = parse_abc(text, "again", strict).value();
        ASSERT_EQ(notes_of(again.score), notes_of(score)) << text;
        EXPECT_EQ(again.score.title, score.title);
        EXPECT_EQ(again.score.tempos.at(0).quarters_per_minute,
                  score.tempos[0].quarters_per_minute);
        EXPECT_EQ(again.score.keys.at(0).key, score.keys[0].key);
        EXPECT_EQ(again.score.meters.at(0).meter, score.meters[0].meter);
        const std::string once_more = format_abc(again.score).value();
        EXPECT_EQ(format_abc(read(once_more)).value(), once_more);
    }
}

TEST(Abc, TheWriterRefusesWhatATuneCannotHold) {
    score::Score score = random_tune(1);
    EXPECT_FALSE(format_abc(score, 1).ok());
    score.parts[0].notes[3].duration += Ticks(1000);
    EXPECT_NE(format_abc(score).error().message.find("overlap"), std::string::npos);
    score.parts[0].notes.clear();
    EXPECT_FALSE(format_abc(score).ok());
}

}  // namespace
}  // namespace symphony::io
