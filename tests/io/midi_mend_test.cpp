// A repair loses nothing sound: what a score does not hold comes through, and the music is the
// same.
#include "symphony/io/midi_reader.h"

#include "io/midi_mutants.h"
#include <gtest/gtest.h>

namespace symphony::io {
namespace {

using namespace test;

ReadOptions with(Strictness strictness) {
    ReadOptions options;
    options.strictness = strictness;
    return options;
}

std::string mended(const std::string& file) {
    return mend_midi(file, "test", with(Strictness::kSalvage)).value().bytes;
}

const std::string kExclusive = bytes({0x00, 0xF0, 5, 0x7E, 0x7F, 0x09, 0x01, 0xF7});
const std::string kAftertouch = bytes({0x00, 0xA0, 60, 70, 0x00, 0xD0, 33});
const std::string kRelease = bytes({0x00, 0x90, 60, 100, 0x60, 0x80, 60, 77});

TEST(MidiMend, ASoundFileStaysAsItIs) {
    const std::string file = header(1, 1) + track(kExclusive + kAftertouch + kRelease + scale());
    EXPECT_EQ(mended(file), file);
}

TEST(MidiMend, WhatAScoreDoesNotHoldIsKept) {
    const std::string device = meta(0x09, "Synth"), unknown = meta(0x60, "abc");
    const std::string broken = header(1, 3) + chunk("XFIH", "vendor") +
                               chunk("MTrk", kExclusive + kAftertouch + device + unknown +
                                                 kRelease + scale());  // no End of Track
    const std::string whole = mended(broken);
    for (const std::string& part : {chunk("XFIH", "vendor"), kExclusive, kAftertouch, device,
                                    unknown, kRelease, scale() + kEndOfTrack})
        EXPECT_NE(whole.find(part), std::string::npos) << testing::PrintToString(part);
    EXPECT_EQ(parse_midi(whole, "test", with(Strictness::kStrict)).value().score.note_count(), 5u);
}

TEST(MidiMend, ValuesThatDoNotExistGoAndTextsBecomeUtf8) {
    const std::string key = meta(0x59, bytes({9, 0})), tempo = meta(0x51, bytes({0, 0, 0}));
    const std::string long_key = meta(0x59, bytes({2, 0, 7}));
    const std::string file =
        mended(header(1, 1) + track(key + tempo + long_key + meta(0x03, "Pr\xE9lude") + scale()));
    EXPECT_EQ(file, header(1, 1) +
                        track(meta(0x59, bytes({2, 0})) + meta(0x03, "Pr\xC3\xA9lude") + scale()));
}

TEST(MidiMend, OpenNotesAreEndedAndOthersKeepTheirEnds) {
    const std::string open = bytes({0x00, 0x91, 50, 80});
    const std::string whole = mended(header(1, 1) + track(open + kRelease));
    const std::string ends = bytes({0x60, 0x81, 50, 64, 0x00, 0x80, 60, 77});
    EXPECT_NE(whole.find(ends + kEndOfTrack), std::string::npos);
}

// Whatever was broken: the mended file is clean and the same music, but for what only a whole new
// file can say (repair then writes one from the score).
TEST(MidiMend, MutantsBecomeCleanFilesOfTheSameMusic) {
    std::size_t same = 0, all = 0;
    for (const std::string& original : good_files())
        for (const Mutation& mutation : kMutations)
            for (std::size_t at = 0; at < original.size(); at += 5) {
                const auto result =
                    mend_midi(mutation.apply(original, at), "mutant", with(Strictness::kSalvage));
                if (!result.ok()) continue;
                const MendedMidi& mended = result.value();
                const auto again = parse_midi(mended.bytes, "again", with(Strictness::kStrict));
                ++all;
                if (again.ok() && again.value().grade == Grade::kClean)
                    same += again.value().score == mended.file.score;
            }
    EXPECT_GT(all, 1000u);
    EXPECT_GE(same, all * 98 / 100) << same << " of " << all;
}

}  // namespace
}  // namespace symphony::io
