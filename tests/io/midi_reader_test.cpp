// Sound files: what they say is what the score holds, clean and without a diagnostic.
#include "symphony/io/midi_reader.h"

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
