// What the writer lays out, byte by byte and as read back.
#include "symphony/io/midi_writer.h"

#include "symphony/io/midi_reader.h"

#include <gtest/gtest.h>

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
