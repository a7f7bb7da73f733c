// Sound files: what they say is what the score holds, clean and without a diagnostic.
#include "symphony/io/midi_reader.h"

#include "symphony/io/midi_writer.h"

#include "io/midi_bytes.h"
#include <gtest/gtest.h>

namespace symphony::io {
namespace {

using namespace test;
using score::Ticks;

ScoreFile read(const std::string& file, Strictness strictness = Strictness::kStrict) {
    ReadOptions options;
    options.strictness = strictness;
    return parse_midi(file, "test.mid", options).value();
}

TEST(MidiReader, Format1KeepsPartsNamesProgramsAndNotes) {
    const std::string violin = meta(0x03, "Violin") + bytes({0x00, 0xC0, 40}) + quarter(60);
    const std::string bass = meta(0x03, "Bass") + bytes({0x00, 0xC1, 32}) + quarter(40, 1, 70);
    const ScoreFile file =
        read(header(1, 3) + track(meta(0x03, "Duet")) + track(violin) + track(bass));
    EXPECT_EQ(file.grade, Grade::kClean);
    EXPECT_TRUE(file.diagnostics.empty());
    EXPECT_EQ(file.score.title, "Duet");
    EXPECT_EQ(file.score.ticks_per_quarter, 96);
    ASSERT_EQ(file.score.parts.size(), 2u);
    EXPECT_EQ(file.score.parts[0].name, "Violin");
    EXPECT_EQ(file.score.parts[0].program, 40);
    EXPECT_EQ(file.score.parts[1].channel, 1);
    ASSERT_EQ(file.score.parts[1].notes.size(), 1u);
    const score::Note& note = file.score.parts[1].notes[0];
    EXPECT_EQ(note.onset, Ticks(0));
    EXPECT_EQ(note.duration, Ticks(96));
    EXPECT_EQ(note.pitch, 40);
    EXPECT_EQ(note.velocity, 70);
}

TEST(MidiReader, Format0IsSplitByChannel) {
    const ScoreFile file =
        read(header(0, 1) + track(meta(0x03, "Song") + quarter(60, 0) + quarter(36, 9)));
    EXPECT_EQ(file.score.title, "Song");
    ASSERT_EQ(file.score.parts.size(), 2u);
    EXPECT_FALSE(file.score.parts[0].is_drums);
    EXPECT_TRUE(file.score.parts[1].is_drums);
}

TEST(MidiReader, Format2IsLaidOneAfterTheOther) {
    const ScoreFile file = read(header(2, 2) + track(scale() + quarter(67)) + track(scale()));
    ASSERT_EQ(file.score.parts.size(), 2u);
    EXPECT_EQ(file.score.parts[1].notes[0].onset, Ticks(2 * 4 * 96));
}

// MidiTok's ids depend on it, as do voices that cross.
TEST(MidiReader, NotesStruckTogetherKeepTheOrderOfTheFile) {
    const ScoreFile file =
        read(header(0, 1) + track(bytes({0x00, 0x90, 64, 100, 0x00, 60, 90, 0x00, 67, 80, 0x30, 60,
                                         0, 0x30, 64, 0, 0x00, 67, 0})));
    ASSERT_EQ(file.score.note_count(), 3u);
    EXPECT_EQ(file.score.parts[0].notes[0].pitch, 64);
    EXPECT_EQ(file.score.parts[0].notes[1].pitch, 60);
    EXPECT_EQ(file.score.parts[0].notes[2].pitch, 67);
    EXPECT_EQ(parse_midi(format_midi(file.score).value(), "written").value().score.parts[0].notes,
              file.score.parts[0].notes)
        << "also when it is written";
}

TEST(MidiReader, RunningStatusAndVelocityZero) {
    const ScoreFile file = read(
        header(0, 1) + track(bytes({0x00, 0x90, 60, 100, 0x60, 60, 0, 0x00, 62, 90, 0x60, 62, 0})));
    ASSERT_EQ(file.score.note_count(), 2u);
    EXPECT_EQ(file.score.parts[0].notes[1].onset, Ticks(96));
    EXPECT_EQ(file.score.parts[0].notes[1].velocity, 90);
}

TEST(MidiReader, UpbeatIsABarOfItsOwnLength) {
    const std::string conductor =
        meta(0x58, bytes({1, 2, 24, 8})) + meta(0x58, bytes({3, 2, 24, 8}), 96);
    const ScoreFile file = read(header(1, 2) + track(conductor) + track(scale() + scale()));
    ASSERT_EQ(file.score.bars.size(), 4u);
    EXPECT_EQ(file.score.bars[0].length, Ticks(96));
    EXPECT_EQ(file.score.bars[0].meter, (score::Meter{3, 4}));
    EXPECT_EQ(file.score.bars[1].length, Ticks(3 * 96));
    ASSERT_EQ(file.score.meters.size(), 1u);
}

TEST(MidiReader, SmpteTimeBecomesAConstantTempo) {
    // 25 frames of 40 ticks: a millisecond each.
    const ScoreFile file = read(header(0, 1, 0xE728) + track(quarter(60)));
    EXPECT_EQ(file.score.ticks_per_quarter, 500);
    ASSERT_EQ(file.score.tempos.size(), 1u);
    EXPECT_DOUBLE_EQ(file.score.tempos[0].quarters_per_minute, 120);
}

TEST(MidiReader, RmidIsUnwrapped) {
    const std::string smf = header(0, 1) + track(quarter(60));
    std::string size = big_endian(static_cast<std::uint32_t>(smf.size()), 4);
    std::reverse(size.begin(), size.end());
    const ScoreFile file = read("RIFF" + bytes({0, 0, 0, 0}) + "RMIDdata" + size + smf);
    EXPECT_EQ(file.score.note_count(), 1u);
    EXPECT_EQ(file.grade, Grade::kClean);
}

TEST(MidiReader, MixedTracksAreSplitByChannelAndShareTheirName) {
    const ScoreFile file = read(header(1, 2) + track("") +
                                track(meta(0x03, "Band") + scale(0) + scale(5) + quarter(36, 9)));
    ASSERT_EQ(file.score.parts.size(), 3u);
    for (const score::Part& part : file.score.parts) EXPECT_EQ(part.name, "Band");
    EXPECT_EQ(file.score.parts[1].channel, 5);
    EXPECT_TRUE(file.score.parts[2].is_drums);
}

TEST(MidiReader, SettingsOfATrackWithoutNotesReachThePartOfTheirChannel) {
    const std::string settings = bytes({0x00, 0xC3, 19, 0x00, 0xB3, 10, 20, 0x60, 0xE3, 0, 0});
    const ScoreFile file = read(header(1, 2) + track(settings) + track(scale(3)));
    ASSERT_EQ(file.score.parts.size(), 1u);
    EXPECT_EQ(file.score.parts[0].program, 19);
    ASSERT_EQ(file.score.parts[0].controls.size(), 1u);
    EXPECT_EQ(file.score.parts[0].controls[0].value, 20);
    ASSERT_EQ(file.score.parts[0].bends.size(), 1u);
    EXPECT_EQ(file.score.parts[0].bends[0].value, -8192);
}

TEST(MidiReader, PortsKeepEqualChannelsApart) {
    const std::string first = meta(0x21, bytes({0})) + bytes({0x00, 0xC0, 10}) + scale();
    const std::string second = meta(0x21, bytes({1})) + scale();  // no program of its own
    const ScoreFile file = read(header(1, 2) + track(first) + track(second));
    ASSERT_EQ(file.score.parts.size(), 2u);
    EXPECT_EQ(file.score.parts[0].program, 10);
    EXPECT_EQ(file.score.parts[1].program, 0);
}

TEST(MidiReader, ProgramsBeforeTheFirstNoteAreThePartsOwn) {
    const std::string events = bytes({0x00, 0xB0, 0, 2, 0x00, 0xB0, 32, 3, 0x00, 0xC0, 8,  //
                                      0x00, 0xC0, 9}) +
                               quarter(60) + bytes({0x00, 0xC0, 10}) + quarter(62);
    const score::Part part = read(header(0, 1) + track(events)).score.parts.at(0);
    EXPECT_EQ(part.program, 9);
    EXPECT_EQ(part.bank, 2 * 128 + 3);
    ASSERT_EQ(part.programs.size(), 1u);
    EXPECT_EQ(part.programs[0].program, 10);
    EXPECT_EQ(part.programs[0].onset, Ticks(96));
    EXPECT_TRUE(part.controls.empty());  // the bank is no control
}

TEST(MidiReader, DrumsElsewhereThanOnChannel10) {
    const std::string gm2 = bytes({0x00, 0xB2, 0, 120, 0x00, 0xC2, 0});
    EXPECT_TRUE(read(header(0, 1) + track(gm2 + scale(2))).score.parts.at(0).is_drums);
    const std::string melody = bytes({0x00, 0xB9, 0, 121, 0x00, 0xC9, 0});
    EXPECT_FALSE(read(header(0, 1) + track(melody + scale(9))).score.parts.at(0).is_drums);
    const std::string gs =
        bytes({0x00, 0xF0, 10, 0x41, 0x10, 0x42, 0x12, 0x40, 0x12, 0x15, 2, 0x17,  //
               0xF7});
    EXPECT_TRUE(read(header(0, 1) + track(gs + scale(1))).score.parts.at(0).is_drums);
    const std::string xg = bytes({0x00, 0xF0, 8, 0x43, 0x10, 0x4C, 0, 0, 0x7E, 0, 0xF7,  //
                                  0x00, 0xB4, 0, 127, 0x00, 0xC4, 0});
    EXPECT_TRUE(read(header(0, 1) + track(xg + scale(4))).score.parts.at(0).is_drums);
}

TEST(MidiReader, AllNotesOffEndsTheNotes) {
    const std::string events = bytes({0x00, 0x90, 60, 90, 0x00, 64, 90, 0x30, 0xB0, 123, 0});
    const score::Part part = read(header(0, 1) + track(events)).score.parts.at(0);
    ASSERT_EQ(part.notes.size(), 2u);
    for (const score::Note& note : part.notes) EXPECT_EQ(note.duration, Ticks(48));
    EXPECT_TRUE(part.controls.empty());
}

TEST(MidiReader, WhereTracksDisagreeTheFirstCounts) {
    const std::string first = meta(0x51, bytes({0x0F, 0x42, 0x40})) + meta(0x59, bytes({2, 0}));
    const std::string second = meta(0x51, bytes({0x07, 0xA1, 0x20})) +
                               meta(0x59, bytes({0xFF, 0})) +
                               meta(0x51, bytes({0x07, 0xA1, 0x20}), 96) + scale();
    const score::Score score = read(header(1, 2) + track(first) + track(second)).score;
    ASSERT_EQ(score.tempos.size(), 2u);
    EXPECT_DOUBLE_EQ(score.tempos[0].quarters_per_minute, 60);
    EXPECT_DOUBLE_EQ(score.tempos[1].quarters_per_minute, 120);
    ASSERT_EQ(score.keys.size(), 1u);
    EXPECT_EQ(score.keys[0].key.sharps, 2);
}

TEST(MidiReader, UnusualMetresAreLegal) {
    const score::Score score =
        read(header(0, 1) + track(meta(0x58, bytes({13, 5, 24, 8})) + scale())).score;
    ASSERT_EQ(score.meters.size(), 1u);
    EXPECT_EQ(score.meters[0].meter, (score::Meter{13, 32}));
    EXPECT_EQ(score.bars.at(0).length, Ticks(13 * 12));
}

// One bar of 3/4 in a piece that goes on changing is a bar of 3/4.
TEST(MidiReader, OnlyALastingMetreMakesTheFirstBarAnUpbeat) {
    const std::string conductor = meta(0x58, bytes({1, 2, 24, 8})) +
                                  meta(0x58, bytes({2, 2, 24, 8}), 96) +
                                  bytes({0x81, 0x40, 0xFF, 0x58, 4, 3, 2, 24, 8});
    const score::Score score =
        read(header(1, 2) + track(conductor) + track(scale() + scale())).score;
    EXPECT_EQ(score.meters.size(), 3u);
    EXPECT_EQ(score.bars.at(0).meter, (score::Meter{1, 4}));
}

TEST(MidiReader, TextsGoToTheirPartOrToTheScore) {
    const std::string conductor =
        meta(0x02, "free") + meta(0x01, "creator: Bach") + meta(0x06, "verse", 96);
    const std::string voice = meta(0x05, "la") + meta(0x05, "") + scale();
    const score::Score score = read(header(1, 2) + track(conductor) + track(voice)).score;
    EXPECT_EQ(score.composer, "Bach");
    ASSERT_EQ(score.texts.size(), 2u);
    EXPECT_EQ(score.texts[0].kind, score::TextKind::kCopyright);
    EXPECT_EQ(score.texts[1].onset, Ticks(96));
    ASSERT_EQ(score.parts.at(0).texts.size(), 1u);
    EXPECT_EQ(score.parts[0].texts[0].text, "la");
}

TEST(MidiReader, WhatIsNotMidiIsRefusedAtEveryStrictness) {
    for (const Strictness strictness :
         {Strictness::kStrict, Strictness::kRepair, Strictness::kSalvage}) {
        ReadOptions options;
        options.strictness = strictness;
        for (const std::string& text :
             {std::string(), std::string("not a midi file"), std::string("MThd"),
              std::string("MThd and MTrk are the names of chunks in MIDI files, which is text."),
              "PK\x03\x04" + header(0, 1) + track(quarter(60)),
              "<html>" + header(0, 1) + track(quarter(60))}) {
            const auto result = parse_midi(text, "x", options);
            ASSERT_FALSE(result.ok()) << text;
            EXPECT_EQ(result.error().kind, base::ErrorKind::kInput);
            EXPECT_EQ(result.error().message.rfind("MID0", 0), 0u) << result.error().message;
        }
    }
}

}  // namespace
}  // namespace symphony::io
