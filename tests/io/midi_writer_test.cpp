// What the writer lays out, byte by byte and as read back.
#include "symphony/io/midi_writer.h"

#include "symphony/io/midi_reader.h"

#include <gtest/gtest.h>

#include <set>

namespace symphony::io {
namespace {

using score::Part;
using score::Score;
using score::Ticks;

Part part_of(std::uint8_t pitch) {
    Part part;
    part.notes.push_back({.onset = Ticks(0), .duration = Ticks(480), .pitch = pitch});
    return part;
}

Score written_and_read(const Score& score) {
    ReadOptions options;
    options.strictness = Strictness::kStrict;
    return parse_midi(format_midi(score).value(), "written", options).value().score;
}

TEST(MidiWriter, MoreThan15PitchedPartsGoToPorts) {
    Score score;
    for (int i = 0; i < 40; ++i) score.parts.push_back(part_of(static_cast<std::uint8_t>(40 + i)));
    score.parts[3].is_drums = true;
    const Score back = written_and_read(score);
    ASSERT_EQ(back.parts.size(), 40u);
    for (std::size_t i = 0; i < back.parts.size(); ++i) {
        EXPECT_EQ(back.parts[i].notes[0].pitch, 40 + i);
        EXPECT_EQ(*back.parts[i].channel == 9, i == 3);
        EXPECT_EQ(back.parts[i].is_drums, i == 3);
    }
}

TEST(MidiWriter, RestruckPitchEndsItsEarlierNote) {
    Score score;
    Part part;
    part.notes.push_back({.onset = Ticks(0), .duration = Ticks(480), .pitch = 60});
    part.notes.push_back({.onset = Ticks(240), .duration = Ticks(480), .pitch = 60});
    score.parts.push_back(part);
    const Score back = written_and_read(score);
    ASSERT_EQ(back.parts[0].notes.size(), 2u);
    EXPECT_EQ(back.parts[0].notes[0].duration, Ticks(240));
    EXPECT_EQ(back.parts[0].notes[1].duration, Ticks(480));
}

TEST(MidiWriter, UpbeatAndIrregularBarsSurvive) {
    Score score;
    score.parts.push_back(part_of(60));
    score.parts[0].notes[0].duration = Ticks(480 * 12);
    const score::Meter meter{4, 4};
    score.meters.push_back({Ticks(0), meter});
    for (const auto& [onset, length] : {std::pair{0, 480}, {480, 1920}, {2400, 1440}, {3840, 1920}})
        score.bars.push_back({Ticks(onset), Ticks(length), meter});
    const Score back = written_and_read(score);
    EXPECT_EQ(back.bars, score.bars);
    EXPECT_EQ(back.meters, score.meters);
}

int pan_of(const Part& part) {
    for (const score::ControlChange& control : part.controls)
        if (control.controller == 10 && control.onset == Ticks(0)) return control.value;
    return -1;
}

TEST(MidiWriter, EveryPartSetsItsSoundBeforeItsFirstNote) {
    Score score;
    score.parts.push_back(part_of(60));
    score.parts[0].program = 48;
    score.parts[0].bank = 3 * 128 + 5;
    const std::string bytes = format_midi(score).value();
    // Bank 3, 5, program 48, volume 100, pan 64, expression 127, all without waiting; then the
    // note.
    const std::string expected(
        "\0\xB0\0\x03\0\xB0\x20\x05\0\xC0\x30\0\xB0\x07\x64\0\xB0\x0A\x40\0\xB0\x0B\x7F\0\x90\x3C"
        "\x40",
        27);
    EXPECT_NE(bytes.find(expected), std::string::npos);
    EXPECT_EQ(bytes.substr(0, 14), std::string("MThd\0\0\0\6\0\1\0\2\x01\xE0", 14));
}

TEST(MidiWriter, PitchedPartsNeverUseChannel10AndDrumsAlways) {
    Score score;
    for (int i = 0; i < 12; ++i) score.parts.push_back(part_of(60));
    score.parts[0].channel = 9;  // a pitched part that asks for the drums' channel
    score.parts[5].is_drums = true;
    score.parts[5].channel = 2;
    score.parts[7].channel = 3;
    const Score back = written_and_read(score);
    std::set<int> channels;
    for (std::size_t i = 0; i < back.parts.size(); ++i) {
        EXPECT_EQ(*back.parts[i].channel == 9, i == 5);
        channels.insert(*back.parts[i].channel);
    }
    EXPECT_EQ(channels.size(), 12u);
    EXPECT_EQ(back.parts[7].channel, 3);
}

TEST(MidiWriter, PartsOfOneSoundMayShareAChannelIfTheirSourceDid) {
    Score score;
    score.parts = {part_of(72), part_of(48), part_of(40)};
    for (Part& part : score.parts) part.channel = 0;
    score.parts[2].program = 32;  // another sound: it gets a channel of its own
    const Score back = written_and_read(score);
    ASSERT_EQ(back.parts.size(), 3u);
    EXPECT_EQ(back.parts[0].channel, 0);
    EXPECT_EQ(back.parts[1].channel, 0);
    EXPECT_NE(back.parts[2].channel, 0);
    EXPECT_EQ(pan_of(back.parts[0]), pan_of(back.parts[1]));
}

TEST(MidiWriter, PanFollowsTheRoleUnlessThePartHasItsOwn) {
    Score score;
    score.parts.resize(6, part_of(60));
    for (Part& part : score.parts)  // chords: no four voices
        part.notes.push_back({.onset = Ticks(0), .duration = Ticks(480), .pitch = 64});
    score.parts[0].role = score::Role::kMelody;
    score.parts[1].role = score::Role::kBass;
    score.parts[2].role = score::Role::kHarmony;
    score.parts[3].role = score::Role::kHarmony;
    score.parts[4].is_drums = true;
    score.parts[5].role = score::Role::kHarmony;
    score.parts[5].controls.push_back({Ticks(0), 10, 127});
    const Score back = written_and_read(score);
    EXPECT_NEAR(pan_of(back.parts[0]), 64, 8);
    EXPECT_EQ(pan_of(back.parts[1]), 64);
    EXPECT_LT(pan_of(back.parts[2]), 50);
    EXPECT_EQ(pan_of(back.parts[4]), 64);
    EXPECT_EQ(pan_of(back.parts[5]), 127);
}

TEST(MidiWriter, FourVoicesStandFromLeftToRight) {
    Score score;
    for (const std::uint8_t pitch : {72, 67, 60, 48}) score.parts.push_back(part_of(pitch));
    score.parts[3].role = score::Role::kBass;
    const Score back = written_and_read(score);
    for (std::size_t i = 1; i < 4; ++i) EXPECT_LT(pan_of(back.parts[i - 1]), pan_of(back.parts[i]));
}

TEST(MidiWriter, AFirstBarThatIsNoUpbeatStaysAMetreOfItsOwn) {
    Score score;
    score.parts.push_back(part_of(60));
    score.parts[0].notes[0].duration = Ticks(480 * 10);
    score.bars = {{Ticks(0), Ticks(960), {2, 4}},
                  {Ticks(960), Ticks(1920), {4, 4}},
                  {Ticks(2880), Ticks(1920), {4, 4}}};
    score.meters = {{Ticks(0), {2, 4}}, {Ticks(960), {4, 4}}};
    const Score back = written_and_read(score);
    EXPECT_EQ(back.bars, score.bars);
    EXPECT_EQ(back.meters, score.meters);
}

TEST(MidiWriter, WaitsLongerThanADeltaTimeAreBridged) {
    Score score;
    score.ticks_per_quarter = 32767;
    score.parts.push_back(part_of(60));
    score.parts[0].notes.push_back(
        {.onset = Ticks(std::int64_t{3} << 28), .duration = Ticks(5), .pitch = 61});
    const Score back = written_and_read(score);
    EXPECT_EQ(back.parts[0].notes, score.parts[0].notes);
}

TEST(MidiWriter, MorePartsThanPortsHoldAreRefusedByName) {
    Score score;
    score.parts.resize(15 * 128, part_of(60));
    EXPECT_TRUE(format_midi(score).ok());
    score.parts.push_back(part_of(60));
    const auto refused = format_midi(score);
    ASSERT_FALSE(refused.ok());
    EXPECT_NE(refused.error().message.find("1921 parts"), std::string::npos);
}

TEST(MidiWriter, WhatMidiCannotHoldIsRefused) {
    Score score;
    score.parts.push_back(part_of(60));
    score.parts[0].notes[0].velocity = 0;
    EXPECT_FALSE(format_midi(score).ok());
    score.parts[0].notes[0].velocity = 1;
    EXPECT_TRUE(format_midi(score).ok());
    score.tempos.push_back({Ticks(0), 1.0});
    EXPECT_FALSE(format_midi(score).ok());
}

}  // namespace
}  // namespace symphony::io
